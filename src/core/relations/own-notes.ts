// Who wrote into which chart of late: a reason to open it again. Bounded; the longest ago is forgotten first.

import { forgetOldest } from '../forget-oldest.ts';

const mostRemembered = 50_000;
const dayMilliseconds = 86_400_000;

export class OwnNotes {
  readonly #withinMilliseconds: number;
  readonly #wrote = new Map<string, number>();

  constructor(days: number) {
    this.#withinMilliseconds = days * dayMilliseconds;
  }

  wrote(person: string, patient: string, time: number): void {
    const key = `${person}\n${patient}`;
    this.#wrote.delete(key);
    this.#wrote.set(key, time);
    forgetOldest(this.#wrote, mostRemembered);
  }

  /** Whether they wrote into it before `time`, and not too long before. */
  before(person: string, patient: string, time: number): boolean {
    const at = this.#wrote.get(`${person}\n${patient}`);
    return at !== undefined && at <= time && time - at <= this.#withinMilliseconds;
  }
}
