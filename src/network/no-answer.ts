const neverLeft = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * Why a request got no answer: whether it surely never left, and why in words ("no answer: other
 * side closed (UND_ERR_SOCKET)").
 */
export function noAnswer(error: unknown): { readonly neverLeft: boolean; readonly reason: string } {
  const codes = codesOf(error);
  const [code] = codes;
  const text = textOf(error);
  return {
    neverLeft: codes.some((one) => neverLeft.has(one)),
    reason: code && !text.includes(code) ? `no answer: ${text} (${code})` : `no answer: ${text}`,
  };
}

/**
 * Node gathers the failures of all of a host's addresses in an error whose own message is empty.
 */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.message) return error.message;
  return error instanceof AggregateError ? error.errors.map(textOf).join('; ') : error.name;
}

/** The error's own code and those of its causes: undici puts the socket's error two causes deep. */
function codesOf(error: unknown, depth = 0): string[] {
  if (!(error instanceof Error) || depth > 5) return [];
  const code = 'code' in error && typeof error.code === 'string' ? [error.code] : [];
  return [...code, ...codesOf(error.cause, depth + 1)];
}
