/** Whether the address is this machine: only there may a secret travel unencrypted. */
export function isHere({ hostname }: URL): boolean {
  return ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
}

/** Whether a secret may be sent there: encrypted, or without leaving this machine. */
export function maySendSecretsTo(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isHere(url));
}
