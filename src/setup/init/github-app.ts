import manifest from '../../../docs/github-app.json' with { type: 'json' };

/**
 * The page on which PatchBot's GitHub App is made, filled in: one click makes it.
 * https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-using-url-parameters
 *
 * @param repository "acme/patchbot".
 * @param owner whether that is an organization or a person.
 */
export function newAppLink(
  repository: string,
  owner: 'organization' | 'person',
  serverUrl: string,
): string {
  const [login = ''] = repository.split('/');
  const path =
    owner === 'organization' ? `/organizations/${login}/settings/apps/new` : '/settings/apps/new';
  const link = new URL(path, serverUrl);
  link.search = new URLSearchParams({
    // The name must be free on all of GitHub, and may have 34 letters.
    name: `${manifest.name} ${login}`.slice(0, 34),
    description: manifest.description,
    url: `${serverUrl}/${repository}`,
    public: String(manifest.public),
    webhook_active: 'false',
    ...manifest.default_permissions,
  }).toString();
  return link.href;
}
