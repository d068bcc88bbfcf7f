import { z } from 'zod';
import { ok, type Route, route } from './router.ts';

const body = z.strictObject({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).optional(),
  operationName: z.string().optional(),
});

/** Of GraphQL, the one question that REST has no answer to: whose installation token this is. */
export const graphqlRoutes: readonly Route[] = [
  {
    ...route('POST', '/graphql', (world, call) => {
      const { query } = call.read(body);
      if (!/^\s*(query\s*\w*\s*)?\{\s*viewer\s*\{\s*login\s*\}\s*\}\s*$/.test(query))
        throw new Error(`no answer is simulated to the GraphQL query ${query}`);
      return ok({ data: { viewer: { login: world.bot.login } } });
    }),
    reads: true,
  },
];
