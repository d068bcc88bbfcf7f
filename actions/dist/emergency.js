import{C as e,i as t,m as n,n as r}from"./patchbot.js";await t(t=>n(t,{reason:e(`reason`,{required:!0}),mode:r(`mode`,[`pull-request`,`direct`])}));export{};
