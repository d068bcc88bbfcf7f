import{i as e,l as t}from"./patchbot.js";await e(t);export{};
