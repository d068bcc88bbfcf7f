import{r as e,t}from"./patchbot.js";await e(t);export{};
