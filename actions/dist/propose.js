import{i as e,u as t}from"./patchbot.js";await e(t);export{};
