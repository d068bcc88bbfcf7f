import{o as e,p as t,r as n}from"./patchbot.js";await n(n=>t(n,{repair:e(`repair`)}));export{};
