import { aboutRoutes } from './about.ts';
import { categoryRoutes } from './categories.ts';
import { classicPackageRoutes } from './classic-packages.ts';
import { classicPatchPolicyRoutes } from './classic-patch-policies.ts';
import { classicPolicyRoutes } from './classic-policies.ts';
import { classicTitleRoutes } from './classic-titles.ts';
import { dbfileuploadRoutes } from './dbfileupload.ts';
import { distributionPointRoutes } from './distribution-point.ts';
import { groupRoutes } from './groups.ts';
import { packageRoutes } from './packages.ts';
import { patchPolicyRoutes } from './patch-policies.ts';
import { preStageRoutes } from './prestages.ts';
import type { Route } from './router.ts';
import { titleRoutes } from './titles.ts';
import { tokenRoutes } from './token.ts';

/** Every call that this Jamf Pro answers. */
export const routes: readonly Route[] = [
  ...tokenRoutes,
  ...aboutRoutes,
  ...categoryRoutes,
  ...packageRoutes,
  ...preStageRoutes,
  ...distributionPointRoutes,
  ...titleRoutes,
  ...patchPolicyRoutes,
  ...classicPatchPolicyRoutes,
  ...classicPolicyRoutes,
  ...classicPackageRoutes,
  ...classicTitleRoutes,
  ...groupRoutes,
  ...dbfileuploadRoutes,
];
