/**
 * What goes wrong with a call:
 * - `refuse`: the connection ends before the server has looked at the request;
 * - `reset`: the request arrives, nothing is done, the connection is reset;
 * - `reset-after`: it is done, and the connection is reset instead of an answer;
 * - `timeout`: nothing is done and nothing is answered, until somebody gives up;
 * - `status`: nothing is done, `status` (default 500) is answered in the form of the API asked;
 * - `status-after`: it is done, and `status` (default 502) is answered all the same;
 * - `html`: nothing is done, a proxy's or the start-up page is answered, with `status` (default 503);
 * - `truncate`: it is done, and half of the answer arrives.
 */
export type FaultKind =
  | 'refuse'
  | 'reset'
  | 'reset-after'
  | 'timeout'
  | 'status'
  | 'status-after'
  | 'html'
  | 'truncate';

export interface Fault {
  readonly kind: FaultKind;
  readonly method?: string;
  /** Matched against the path with its query. */
  readonly path?: RegExp;
  readonly status?: number;
  /** The `Retry-After` of the answer, in seconds or as an HTTP date. */
  readonly retryAfter?: number | string;
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
