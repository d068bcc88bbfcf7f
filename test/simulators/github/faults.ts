/**
 * What goes wrong with a call:
 * - `refuse`: the connection ends before the server has looked at the request;
 * - `reset`: the request arrives, nothing is done, the connection is reset;
 * - `reset-after`: it is done, and the connection is reset instead of an answer;
 * - `status`: nothing is done, `status` (default 500) is answered;
 * - `status-after`: it is done, and `status` (default 502) is answered all the same;
 * - `truncate`: it is done, and half of the answer arrives;
 * - `hang`: nothing is done and nothing is answered, until somebody gives up.
 */
export type FaultKind =
  | 'refuse'
  | 'reset'
  | 'reset-after'
  | 'status'
  | 'status-after'
  | 'truncate'
  | 'hang';

export interface Fault {
  readonly kind: FaultKind;
  readonly method?: string;
  /** Matched against the path with its query. */
  readonly path?: RegExp;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** How many matching calls it befalls; 1 unless told. */
  readonly times?: number;
  /** How many matching calls it lets through first; none unless told. */
  readonly after?: number;
}

/** The faults that are still to happen, in the order they were asked for. */
export class Faults {
  #waiting: { fault: Fault; skip: number; left: number }[] = [];

  /** Makes the next matching call (or calls) fail. */
  next(fault: Fault): void {
    this.#waiting.push({ fault, skip: fault.after ?? 0, left: fault.times ?? 1 });
  }

  clear(): void {
    this.#waiting = [];
  }

  /** How many faults have not happened yet. */
  get pending(): number {
    return this.#waiting.reduce((sum, { left }) => sum + left, 0);
  }

  take(method: string, path: string): Fault | undefined {
    for (const waiting of this.#waiting) {
      const { fault } = waiting;
      if (fault.method && fault.method !== method) continue;
      if (fault.path && !fault.path.test(path)) continue;
      if (waiting.skip > 0) {
        waiting.skip -= 1;
        continue;
      }
      waiting.left -= 1;
      this.#waiting = this.#waiting.filter(({ left }) => left > 0);
      return fault;
    }
    return undefined;
  }
}
