import{r as e,v as t}from"./patchbot.js";await e(t);export{};
