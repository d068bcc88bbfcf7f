/**
 * The address of a Jamf Pro as people write it: "acme", "acme.jamfcloud.com", or what they copied from
 * the browser. @returns it as the API wants it, or `undefined` when it is none.
 */
export function jamfAddress(text: string): string | undefined {
  const given = text.trim();
  const whole = /^[a-z0-9-]+$/i.test(given) ? `https://${given}.jamfcloud.com` : given;
  const address = /^[a-z]+:\/\//i.test(whole) ? whole : `https://${whole}`;
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (
    !['https:', 'http:'].includes(url.protocol) ||
    url.username ||
    !/[.:]|^localhost$/.test(url.host)
  )
    return undefined;
  // A page of the web interface ends in .html, or has a query; a context path has neither.
  const path = url.pathname.replace(/\/[^/]*\.html.*$/, '').replace(/\/+$/, '');
  return `${url.origin}${path}`;
}
