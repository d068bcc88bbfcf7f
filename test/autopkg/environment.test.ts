import { describe, expect, it } from 'vitest';
import { environmentFor } from '../../src/autopkg/environment.ts';

describe('the environment of a recipe', () => {
  it('has what AutoPkg and its tools need', () => {
    const needed = {
      PATH: '/usr/bin',
      HOME: '/Users/admin',
      TMPDIR: '/tmp',
      LANG: 'en_US.UTF-8',
      LC_CTYPE: 'UTF-8',
      https_proxy: 'http://proxy:3128',
      HTTPS_PROXY: 'http://proxy:3128',
      NO_PROXY: 'localhost',
      SSL_CERT_FILE: '/etc/ssl/cert.pem',
    };
    expect(environmentFor(needed)).toMatchObject(needed);
  });

  it('has no secret, nothing of the workflow, and nothing that AutoPkg takes for a recipe input', () => {
    const left = environmentFor({
      JAMF_CLIENT_SECRET: 's1',
      'INPUT_JAMF-CLIENT-SECRET': 's2',
      GITHUB_TOKEN: 's3',
      ACTIONS_RUNTIME_TOKEN: 's4',
      GITHUB_OUTPUT: '/out',
      PATCHBOT_WEBHOOK_ADMINS: 'https://…',
      AUTOPKG_FAIL_RECIPES_WITHOUT_TRUST_INFO: '',
      NODE_OPTIONS: '--require /evil.js',
      PYTHONPATH: '/evil',
      DYLD_INSERT_LIBRARIES: '/evil.dylib',
    });
    expect(left).toEqual({ PYTHONUNBUFFERED: '1', PYTHONDONTWRITEBYTECODE: '1' });
  });
});
