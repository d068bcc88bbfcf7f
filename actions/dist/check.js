import{a as e,r as t}from"./patchbot.js";await e(t);export{};
