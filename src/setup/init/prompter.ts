import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** Somebody who is asked, a line at a time. */
export interface Prompter {
  /**
   * Asks until the answer is well.
   *
   * @param read makes something of the answer. @throws Error with what is wrong and what to write.
   * @param usual what an empty answer means; absent when there must be one.
   */
  ask<Value>(
    question: string,
    read: (text: string) => Value | Promise<Value>,
    usual?: string,
  ): Promise<Value>;
  confirm(question: string, usual: boolean): Promise<boolean>;
  /** Asks for something that is not shown; empty when nothing is given. */
  secret(question: string): Promise<string>;
  say(text: string): void;
  close(): void;
}

/** Nobody is there to answer any more: the input ended, or somebody pressed Control-C. */
export class NobodyAnswers extends Error {
  constructor() {
    super('the questions were not answered to the end: nothing was written');
    this.name = 'NobodyAnswers';
  }
}

/** Asks at a terminal; lines that come through a pipe do as well. */
export function openPrompter(
  input: NodeJS.ReadableStream & { readonly isTTY?: boolean },
  output: NodeJS.WritableStream,
): Prompter {
  let hidden = false;
  // What is typed is shown by readline, through this.
  const shown = new Writable({
    write(chunk, _encoding, done) {
      if (!hidden) output.write(chunk);
      done();
    },
  });
  const terminal = input.isTTY === true;
  const reader = createInterface({ input, output: shown, terminal });
  const lines = reader[Symbol.asyncIterator]();
  reader.on('SIGINT', () => reader.close());

  async function line(question: string, hide = false): Promise<string> {
    if (terminal) {
      reader.setPrompt(question);
      reader.prompt();
    } else output.write(question);
    hidden = hide;
    const next = await lines.next();
    hidden = false;
    if (hide || !terminal) output.write('\n');
    if (next.done) throw new NobodyAnswers();
    return next.value.trim();
  }

  const say = (text: string) => void output.write(`${text}\n`);
  return {
    say,
    async ask(question, read, usual) {
      for (;;) {
        const given = await line(`${question}${usual === undefined ? '' : ` [${usual}]`}: `);
        const text = given === '' ? usual : given;
        try {
          if (text === undefined) throw new Error('this must be answered');
          return await read(text);
        } catch (error) {
          say(`  ${(error as Error).message}`);
        }
      }
    },
    async confirm(question, usual) {
      for (;;) {
        const given = (await line(`${question} [${usual ? 'Y/n' : 'y/N'}]: `)).toLowerCase();
        if (given === '') return usual;
        if (['y', 'yes'].includes(given)) return true;
        if (['n', 'no'].includes(given)) return false;
        say('  write y or n');
      }
    },
    secret: (question) => line(`${question}: `, true),
    close: () => reader.close(),
  };
}
