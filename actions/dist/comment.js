import{r as e,s as t,t as n}from"./patchbot.js";await e(e=>n(e,t(`comment`,`a comment`)));export{};
