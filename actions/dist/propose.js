import{n as e,p as t}from"./patchbot.js";await e(t);export{};
