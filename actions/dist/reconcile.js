import{g as e,o as t,r as n}from"./patchbot.js";await n(n=>e(n,{repair:t(`repair`)}));export{};
