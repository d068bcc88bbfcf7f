/** The secrets of a run: each is told to be masked, and taken out of whatever is shown. */
export class Secrets {
  readonly #known = new Set<string>();
  readonly #tell: (secret: string) => void;

  constructor(tell: (secret: string) => void) {
    this.#tell = tell;
  }

  add(secret: string): void {
    if (!secret || this.#known.has(secret)) return;
    this.#known.add(secret);
    this.#tell(secret);
  }

  /** The text without any of them. */
  hide(text: string): string {
    let hidden = text;
    for (const secret of this.#known) hidden = hidden.replaceAll(secret, '***');
    return hidden;
  }
}
