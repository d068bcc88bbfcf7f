import{F as e,c as t,h as n,r}from"./patchbot.js";await r(r=>n(r,{reason:e(`reason`,{required:!0}),mode:t(`mode`,[`pull-request`,`direct`])}));export{};
