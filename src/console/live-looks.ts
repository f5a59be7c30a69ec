// Who is watching the overview. Opening it is on record like any page; what it then asks for every few seconds is a part of
// that look and not a new one, so it carries the look's number and is answered only while that is known. Kept in memory: after
// a restart the page is opened anew.

/** Looks of one session that may go on at once, and of all. */
const mostOfOne = 8;
const most = 400;
/** A working day; whoever watches longer opens it anew, and is on record anew. */
const longestMilliseconds = 12 * 3_600_000;

interface Look {
  readonly session: string;
  readonly until: number;
}

export class LiveLooks {
  readonly #looks = new Map<string, Look>();

  /** `number` must be one that nobody guesses; `session` names the session to the record. */
  begin(number: string, session: string, now: number): void {
    const own = [...this.#looks].filter(([, look]) => look.session === session);
    for (const [oldest] of own.slice(0, Math.max(0, own.length - mostOfOne + 1))) this.#looks.delete(oldest);
    for (const oldest of this.#looks.keys()) {
      if (this.#looks.size < most) break;
      this.#looks.delete(oldest);
    }
    this.#looks.set(number, { session, until: now + longestMilliseconds });
  }

  /** Whether this session began that look, and not too long ago. */
  goesOn(number: string, session: string, now: number): boolean {
    const look = this.#looks.get(number);
    return look !== undefined && look.session === session && now < look.until;
  }
}
