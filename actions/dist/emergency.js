import{S as e,c as t,j as n,r}from"./patchbot.js";await r(r=>e(r,{reason:n(`reason`,{required:!0}),mode:t(`mode`,[`pull-request`,`direct`])}));export{};
