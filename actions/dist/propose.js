import{S as e,o as t,r as n}from"./patchbot.js";await n(n=>e(n,t(`refresh`)?`refresh`:`ask`));export{};
