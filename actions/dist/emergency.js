import{h as e,i as t,n,w as r}from"./patchbot.js";await t(t=>e(t,{reason:r(`reason`,{required:!0}),mode:n(`mode`,[`pull-request`,`direct`])}));export{};
