import{P as e,c as t,r as n,w as r}from"./patchbot.js";await n(n=>r(n,{reason:e(`reason`,{required:!0}),mode:t(`mode`,[`pull-request`,`direct`])}));export{};
