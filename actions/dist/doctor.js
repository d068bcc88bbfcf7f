import{r as e,y as t}from"./patchbot.js";await e(t);export{};
