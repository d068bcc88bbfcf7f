import{i as e,n as t}from"./patchbot.js";await e(t);export{};
