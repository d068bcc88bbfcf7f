import { z } from 'zod';
import { ok, type Route, route } from './router.ts';

const body = z.strictObject({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).optional(),
  operationName: z.string().optional(),
});

const viewer = /^\s*(query\s*\w*\s*)?\{\s*viewer\s*\{\s*login\s*\}\s*\}\s*$/;
const editor =
  /repository\(owner: \$owner, name: \$repo\) \{ issue\(number: \$number\) \{ editor \{ login \} \} \}/;

/**
 * Of GraphQL, the questions that REST has no answer to: whose installation token this is, and who
 * edited an issue last. An App is told by its name there, without the "[bot]" behind it.
 */
export const graphqlRoutes: readonly Route[] = [
  {
    ...route('POST', '/graphql', (world, call) => {
      const { query, variables = {} } = call.read(body);
      if (viewer.test(query)) return ok({ data: { viewer: { login: world.bot.login } } });
      if (!editor.test(query))
        throw new Error(`no answer is simulated to the GraphQL query ${query}`);
      const issue = world.issues.find(({ number }) => number === variables['number']);
      const login = issue?.editor?.replace(/\[bot\]$/, '');
      return ok({
        data: {
          repository: { issue: issue ? { editor: login ? { login } : null } : null },
        },
      });
    }),
    reads: true,
  },
];
