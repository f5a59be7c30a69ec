// A look that comes again by itself, in a thread beside the gateway: one at a time, later after trouble, and at once for whoever
// needs what is new.

export interface RepeatedLookOptions {
  readonly look: () => Promise<void>;
  /** Called after each: why it failed, or null. */
  readonly onLooked: (failure: unknown) => void;
  readonly everyMilliseconds: number;
  /** What is wrong is rarely gone at once. */
  readonly afterFailureMilliseconds: number;
}

export class RepeatedLook {
  readonly #options: RepeatedLookOptions;
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> | null = null;
  #ends = false;

  constructor(options: RepeatedLookOptions) {
    this.#options = options;
    void this.now();
  }

  /** Resolves after the one that is under way, or a new one; never rejects. */
  now(): Promise<void> {
    this.#looking ??= this.#once().finally(() => (this.#looking = null));
    return this.#looking;
  }

  /** Resolves once none is under way. */
  async end(): Promise<void> {
    this.#ends = true;
    await this.#looking;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  async #once(): Promise<void> {
    const { look, onLooked, everyMilliseconds, afterFailureMilliseconds } = this.#options;
    let failure: unknown = null;
    try {
      await look();
    } catch (cause) {
      failure = cause;
    }
    onLooked(failure);
    if (this.#timer !== null) clearTimeout(this.#timer);
    const wait = failure === null ? everyMilliseconds : afterFailureMilliseconds;
    if (!this.#ends) this.#timer = setTimeout(() => void this.now(), wait);
  }
}
