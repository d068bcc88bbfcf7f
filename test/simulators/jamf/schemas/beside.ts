import type { Schema } from './published.ts';

/**
 * What the real server does beside its published schema. Each entry has been seen on the wire or is
 * relied upon by a client that works; everything else that the schema does not say is a violation.
 */

/** Calls that no published schema has, and why they are there all the same. */
export const unpublished: Readonly<Record<string, string>> = {
  'POST /api/oauth/token': 'how the token call was spelled before it had a version',
  'POST /dbfileupload': 'how Jamf Admin and the first PatchBot sent packages',
  'GET /': 'the front page, from which scripts take the cookie that keeps them on a node',
  'GET /healthCheck.html': 'what load balancers look at',
  'GET /api/schema': 'where JamfUploader finds out which calls there are',
  'GET /classicapi/doc/swagger.yaml': 'the same for the classic API',
};

interface Extra {
  /** The schema's name, and the names of elements from there on. */
  readonly at: readonly string[];
  readonly element: string;
  /** The element of the same parent whose schema it shares. */
  readonly like?: string;
  /** What it has in it, when that is not text. */
  readonly children?: Schema;
  readonly why: string;
}

/** Elements of the classic API that its schema does not have. */
export const extraElements: readonly Extra[] = [
  {
    at: ['patch_policy', 'general'],
    element: 'incremental_update',
    like: 'incremental_updates',
    why: 'on the wire the name has no s',
  },
  {
    at: ['patch_software_title'],
    element: 'category',
    like: 'categories',
    why: 'on the wire the name is singular',
  },
  {
    at: ['patch_software_titles', 'patch_software_title'],
    element: 'name',
    why: 'the PatchBot processors and JamfUploader find a title by it',
  },
  {
    at: ['policy'],
    element: 'reboot',
    children: {
      properties: Object.fromEntries(
        [
          'message',
          'startup_disk',
          'specify_startup',
          'no_user_logged_in',
          'user_logged_in',
          'minutes_until_reboot',
          'start_reboot_timer_immediately',
          'file_vault_2_reboot',
        ].map((name) => [name, { type: 'string' }]),
      ),
    },
    why: 'every policy that is read has it',
  },
  {
    at: ['policy', 'package_configuration'],
    element: 'distribution_point',
    why: 'every policy that is read has it',
  },
];

/** Classic calls whose schema is another's: by their path, the schema that they have on the wire. */
export const otherSchemas: Readonly<Record<string, { schema: string; why: string }>> = {
  '/JSSResource/patchpolicies/softwaretitleconfig/id/{id}': {
    schema: 'patch_policies',
    why: 'a list is answered where the schema says one policy',
  },
};
