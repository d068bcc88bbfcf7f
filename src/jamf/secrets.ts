/** The secrets of a run: each is told to be masked, and taken out of whatever is shown. */
export class Secrets {
  readonly #known = new Set<string>();
  /** All forms of all secrets, the longest first. */
  #forms: readonly string[] = [];
  readonly #tell: (secret: string) => void;

  constructor(tell: (secret: string) => void) {
    this.#tell = tell;
  }

  add(secret: string): void {
    if (!secret || this.#known.has(secret)) return;
    this.#known.add(secret);
    this.#forms = [...new Set([...this.#known].flatMap(formsOf))].sort(
      (a, b) => b.length - a.length,
    );
    this.#tell(secret);
  }

  /**
   * The text without any of them. It must be whole: of a secret that was cut off in its middle, the
   * half would stay.
   */
  hide(text: string): string {
    let hidden = text;
    for (const form of this.#forms) hidden = hidden.replaceAll(form, '***');
    return hidden;
  }
}

/** A secret as it travels: in a form, in an address, in JSON. A careless server repeats what it was sent. */
function formsOf(secret: string): string[] {
  return [
    secret,
    new URLSearchParams({ _: secret }).toString().slice(2),
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
  ];
}
