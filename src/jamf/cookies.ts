import { parseCookie } from 'undici';

/**
 * The cookies of one run. Jamf Cloud's balancer keeps a client on one node by a cookie
 * (`jpro-ingress`, before that `APBALANCEID`), and another node sees a write only up to a minute
 * later (Jamf: "Sticky Sessions for Jamf Cloud"). There is one server, so paths and domains don't
 * matter.
 */
export class Cookies {
  readonly #values = new Map<string, string>();

  /** Keeps what an answer sets; forgets what it ends. */
  take(setCookie: string | readonly string[] | undefined): void {
    for (const line of [setCookie ?? []].flat()) {
      const cookie = parseCookie(line);
      if (!cookie) continue;
      const ended =
        (cookie.maxAge !== undefined && cookie.maxAge <= 0) ||
        (cookie.expires !== undefined && new Date(cookie.expires).getTime() < Date.now());
      if (ended) this.#values.delete(cookie.name);
      else this.#values.set(cookie.name, cookie.value);
    }
  }

  /** As a header; nothing while there are none. */
  get header(): { cookie?: string } {
    if (this.#values.size === 0) return {};
    return { cookie: [...this.#values].map(([name, value]) => `${name}=${value}`).join('; ') };
  }
}
