import{m as e,r as t}from"./patchbot.js";await t(e);export{};
