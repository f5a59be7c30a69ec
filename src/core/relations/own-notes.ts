// Who wrote into which chart of late: a reason to open it again on another day. Whoever sends a form into a chart first, and then
// opens it, has explained nothing: the first opening is judged without it. Bounded; the longest ago is forgotten first.

import { forgetOldest } from '../forget-oldest.ts';

const mostRemembered = 50_000;
const dayMilliseconds = 86_400_000;
/** Less than this is the same shift. */
const settledMilliseconds = dayMilliseconds / 2;

interface Wrote {
  readonly first: number;
  readonly last: number;
}

export class OwnNotes {
  readonly #withinMilliseconds: number;
  readonly #wrote = new Map<string, Wrote>();

  constructor(days: number) {
    this.#withinMilliseconds = days * dayMilliseconds;
  }

  wrote(person: string, patient: string, time: number): void {
    const key = `${person}\n${patient}`;
    const before = this.#wrote.get(key);
    const goesOn = before !== undefined && time - before.last <= this.#withinMilliseconds;
    this.#wrote.delete(key);
    this.#wrote.set(key, { first: goesOn ? before.first : time, last: time });
    forgetOldest(this.#wrote, mostRemembered);
  }

  /** Whether they wrote into it half a day before `time` or earlier, and the last time not too long before. */
  before(person: string, patient: string, time: number): boolean {
    const wrote = this.#wrote.get(`${person}\n${patient}`);
    if (wrote === undefined) return false;
    return time - wrote.first >= settledMilliseconds && time - wrote.last <= this.#withinMilliseconds;
  }
}
