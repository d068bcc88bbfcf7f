import { ApiRefusal } from './errors.ts';

/**
 * Records that somebody is writing. Jamf Pro locks optimistically: of two who write one record at a
 * time, the second is told that it has changed meanwhile.
 */
export class Locks {
  readonly #held = new Set<string>();
  #collisions = 0;

  /** Makes the next writes of a record collide with somebody else's. */
  collide(times: number): void {
    this.#collisions += times;
  }

  /** @throws ApiRefusal (409) when somebody else writes the record, or is made to */
  check(record: string): void {
    if (this.#collisions > 0) this.#collisions -= 1;
    else if (!this.#held.has(record)) return;
    throw new ApiRefusal(409, 'OPTIMISTIC_LOCK_FAILED', 'Conflict');
  }

  /** Holds the record until what is given back is called. */
  take(record: string): () => void {
    this.check(record);
    this.#held.add(record);
    return () => void this.#held.delete(record);
  }
}
