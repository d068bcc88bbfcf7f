import { expect, it } from 'vitest';
import { Cookies } from '../../src/jamf/cookies.ts';

it('sends back what was set last, whatever the cookie is called', () => {
  const cookies = new Cookies();
  expect(cookies.header).toEqual({});
  cookies.take('jpro-ingress=abc|def; Path=/; Secure; HttpOnly; SameSite=None');
  cookies.take(['APBALANCEID=aws.node-3; Path=/', 'jpro-ingress=123; Path=/']);
  expect(cookies.header).toEqual({ cookie: 'jpro-ingress=123; APBALANCEID=aws.node-3' });
});

it('forgets a cookie that the server ends', () => {
  const cookies = new Cookies();
  cookies.take(['a=1', 'b=2', 'c=3; Max-Age=600']);
  cookies.take(['a=; Max-Age=0', 'b=; Expires=Thu, 01 Jan 1970 00:00:00 GMT']);
  expect(cookies.header).toEqual({ cookie: 'c=3' });
});

it('leaves out what is no cookie', () => {
  const cookies = new Cookies();
  cookies.take(undefined);
  cookies.take(['', '=']);
  expect(cookies.header.cookie ?? '').not.toContain('undefined');
});
