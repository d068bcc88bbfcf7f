import{a as e,d as t,n}from"./patchbot.js";await n(n=>t(n,{repair:e(`repair`)}));export{};
