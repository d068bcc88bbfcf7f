import{l as e,n as t}from"./patchbot.js";await t(e);export{};
