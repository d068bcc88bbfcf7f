import{c as e,f as t,j as n,r}from"./patchbot.js";await r(r=>t(r,{reason:n(`reason`,{required:!0}),mode:e(`mode`,[`pull-request`,`direct`])}));export{};
