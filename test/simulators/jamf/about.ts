import { type Route, route } from './router.ts';

export const aboutRoutes: readonly Route[] = [
  route('GET', '/api/v1/jamf-pro-version', [], (jamf) => ({
    status: 200,
    json: { version: jamf.options.version },
  })),
  route('GET', '/api/v1/health-check', undefined, () => ({ status: 204 })),
];
