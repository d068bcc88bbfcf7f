import{_ as e,i as t}from"./patchbot.js";await t(e);export{};
