import{o as e,r as t,x as n}from"./patchbot.js";await t(t=>n(t,e(`refresh`)?`refresh`:`ask`));export{};
