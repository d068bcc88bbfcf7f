/**
 * A hidden marker is an HTML comment in a request's body or a comment: people don't see it, PatchBot
 * finds its own by it. What would end the comment early is written as in a URL.
 */
export function hiddenMarker(marker: string): string {
  return `<!-- patchbot:${escaped(marker)} -->`;
}

/** The marker that a text carries: the first one, if there is any. */
export function markerIn(text: string): string | undefined {
  const found = /<!-- patchbot:(\S+) -->/.exec(text)?.[1];
  if (found === undefined) return undefined;
  try {
    return decodeURIComponent(found);
  } catch {
    return undefined; // somebody else's comment that only looks like a marker
  }
}

/** The text with its marker, which is added when it is not there yet. */
export function withMarker(text: string, marker: string): string {
  return markerIn(text) === marker ? text : `${text.trimEnd()}\n\n${hiddenMarker(marker)}\n`;
}

function escaped(marker: string): string {
  return encodeURIComponent(marker)
    .replaceAll('%2F', '/')
    .replaceAll('%3A', ':')
    .replaceAll('--', '-%2D')
    .replaceAll('--', '-%2D')
    .replace(/-$/, '%2D');
}
