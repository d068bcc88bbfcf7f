import{E as e,o as t,r as n}from"./patchbot.js";await n(n=>e(n,{really:t(`really`)}));export{};
