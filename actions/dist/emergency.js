import{D as e,_ as t,n,o as r}from"./patchbot.js";await n(n=>t(n,{reason:e(`reason`,{required:!0}),mode:r(`mode`,[`pull-request`,`direct`])}));export{};
