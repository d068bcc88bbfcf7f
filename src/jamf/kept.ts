/** Something that is read when first needed and then kept; a read that failed is not. */
export class Kept<T> {
  readonly #read: () => Promise<T>;
  #value: Promise<T> | undefined;
  #since = 0;

  constructor(read: () => Promise<T>) {
    this.#read = read;
  }

  /** @param youngerThan how old it may be at most, in milliseconds; it is read again when older. */
  get(youngerThan = Number.POSITIVE_INFINITY): Promise<T> {
    if (!this.#value || performance.now() - this.#since > youngerThan) {
      this.#since = performance.now();
      const value = this.#read();
      value.catch(() => {
        if (this.#value === value) this.#value = undefined;
      });
      this.#value = value;
    }
    return this.#value;
  }
}
