import{_ as e,r as t}from"./patchbot.js";await t(e);export{};
