// This gateway's own heartbeats in the stream. One counts once the replicas have it and it was read back with nothing missing before
// it; it counts from when it was begun, because only what was told before that was surely heard.

interface Beat {
  readonly number: number;
  /** Of the clock that never jumps. */
  readonly begunAt: number;
  /** Entries the stream had been given with it, as Redis counts; null until Redis has said. */
  added: number | null;
  /** The same as this gateway counts; null until it was read back. */
  heard: number | null;
  confirmed: boolean;
}

export class RedisHeartbeats {
  #number = 0;
  #beats: Beat[] = [];
  /** The newest that counts: its number, and when it was begun. */
  counted = 0;
  countedAt = Number.NEGATIVE_INFINITY;

  begin(now: number): number {
    this.#number += 1;
    this.#beats.push({ number: this.#number, begunAt: now, added: null, heard: null, confirmed: false });
    return this.#number;
  }

  /** None of the gaps is let by: false where something before this heartbeat was missed. */
  written(number: number, added: number): boolean {
    return this.#settle(number, (beat) => {
      beat.added = added;
    });
  }

  heard(number: number, count: number): boolean {
    return this.#settle(number, (beat) => {
      beat.heard = count;
    });
  }

  /** All that are written: whoever has this one has what came before it. */
  confirm(): void {
    for (const beat of this.#beats) {
      if (beat.added !== null) this.#settle(beat.number, (one) => (one.confirmed = true));
    }
  }

  /** How many were begun since the newest that counts. */
  get uncounted(): number {
    return this.#beats.length;
  }

  /** Those under way belong to a server that is not asked any more; `countedAt` goes where memory may lack something. */
  forget(): void {
    this.#beats = [];
  }

  doubt(): void {
    this.countedAt = Number.NEGATIVE_INFINITY;
  }

  #settle(number: number, note: (beat: Beat) => void): boolean {
    const beat = this.#beats.find((one) => one.number === number);
    if (beat === undefined) return true;
    note(beat);
    if (beat.added === null || beat.heard === null) return true;
    if (beat.added !== beat.heard) return false;
    if (!beat.confirmed) return true;
    this.counted = beat.number;
    this.countedAt = beat.begunAt;
    this.#beats = this.#beats.filter((one) => one.number > number);
    return true;
  }
}
