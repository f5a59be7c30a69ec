// From when to when something reaches.

export interface Period {
  readonly since: number;
  readonly until: number;
}

export class Span {
  #since = Infinity;
  until = -Infinity;

  add(time: number): void {
    this.#since = Math.min(this.#since, time);
    this.until = Math.max(this.until, time);
  }

  covers(time: number): boolean {
    return time >= this.#since && time <= this.until;
  }

  /** Null where nothing was added. */
  period(): Period | null {
    return this.until === -Infinity ? null : { since: this.#since, until: this.until };
  }
}
