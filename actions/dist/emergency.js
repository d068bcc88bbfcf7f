import{F as e,T as t,c as n,r}from"./patchbot.js";await r(r=>t(r,{reason:e(`reason`,{required:!0}),mode:n(`mode`,[`pull-request`,`direct`])}));export{};
