import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiRefusal } from './errors.ts';
import { type Answer, type Route, route } from './router.ts';
import { folder } from './schemas/published.ts';

/** Scripts get their cookie here. */
const frontPage: Answer = {
  status: 200,
  page: '<!DOCTYPE html><html><head><title>Jamf Pro Login</title></head><body></body></html>\n',
};

/** Jamf Pro publishes its own schemas; they are not ours to keep, so only where they are found. */
const schema = (file: string, type: string) => (): Answer => {
  const path = join(folder, file);
  if (!existsSync(path)) throw new ApiRefusal(404);
  return { status: 200, page: readFileSync(path, 'utf8'), headers: { 'content-type': type } };
};

export const aboutRoutes: readonly Route[] = [
  route('GET', '/', undefined, () => frontPage),
  route('GET', '/healthCheck.html', undefined, () => ({ status: 200, page: '[]' })),
  route('GET', '/api/schema', undefined, schema('jamf-pro-openapi.json', 'application/json')),
  route(
    'GET',
    '/classicapi/doc/swagger.yaml',
    undefined,
    schema('classic-swagger.yaml', 'application/yaml'),
  ),
  route('GET', '/api/v1/jamf-pro-version', [], (jamf) => ({
    status: 200,
    json: { version: jamf.options.version },
  })),
  route('GET', '/api/v1/health-check', undefined, () => ({ status: 204 })),
];
