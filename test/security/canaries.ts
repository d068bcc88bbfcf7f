import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A secret that was planted, and all the forms in which it could come out again. */
export interface Canary {
  readonly name: string;
  readonly forms: readonly string[];
}

/** Plants a secret: as it is, as it travels in addresses, forms and JSON, and in base 64. */
export function canary(name: string, secret: string): Canary {
  const form = new URLSearchParams({ x: secret }).toString().slice(2);
  const base64 = Buffer.from(secret).toString('base64');
  const forms = [
    secret,
    encodeURIComponent(secret),
    form,
    JSON.stringify(secret).slice(1, -1),
    base64,
    base64.replace(/=+$/, ''),
  ];
  // Half of a secret is too much already.
  return { name, forms: [...new Set(forms.map((one) => one.slice(0, 16)))] };
}

/** Where somebody could read it: a log, a file, a message. */
export interface Place {
  readonly where: string;
  readonly text: string;
}

/** What is found where it must not be, and how much was looked through. */
export class Search {
  readonly #canaries: Canary[] = [];
  readonly leaks: string[] = [];
  places = 0;
  letters = 0;

  plant(...canaries: readonly Canary[]): void {
    this.#canaries.push(...canaries);
  }

  get planted(): number {
    return this.#canaries.length;
  }

  /** How many forms of secrets are looked for. */
  get forms(): number {
    return this.#canaries.reduce((sum, { forms }) => sum + forms.length, 0);
  }

  look(...places: readonly Place[]): void {
    for (const { where, text } of places) {
      this.places += 1;
      this.letters += text.length;
      for (const { name, forms } of this.#canaries)
        if (forms.some((form) => text.includes(form))) {
          const at = forms.map((form) => text.indexOf(form)).find((index) => index >= 0) ?? 0;
          this.leaks.push(`${name} in ${where}: …${text.slice(Math.max(0, at - 120), at + 60)}…`);
        }
    }
  }
}

/** Every file below a folder, as text. */
export async function filesBelow(folder: string): Promise<readonly Place[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => {
        const path = join(entry.parentPath, entry.name);
        return { where: `the file ${path}`, text: await readFile(path, 'latin1') };
      }),
  );
}

/** A log as its readers see it: the runner takes the lines that tell it what to mask. */
export function readersLog(log: string): string {
  return log
    .split('\n')
    .filter((line) => !line.startsWith('::add-mask::'))
    .join('\n');
}
