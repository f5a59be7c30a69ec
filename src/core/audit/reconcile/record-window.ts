// The requests of our record that no line of the EHR's log has used up yet, within a window of time. Each explains one line.

import type { EhrRequest } from './ehr-request.ts';
import type { Asked } from './our-event.ts';

/** Characters of a path by which records are found; what lies behind is compared. */
const keyCharacters = 512;
/** Candidates that are weighed for one line, of those that fit. */
const mostWeighed = 256;
/** Records stand in the order of their arrival, give or take what a request waits before it is recorded. */
const disorderMilliseconds = 60_000;

export class RecordWindow {
  readonly #tolerance: number;
  readonly #most: number;
  readonly #byKey = new Map<string, Asked[]>();
  /** In the order of their coming. */
  readonly #waiting = new Set<Asked>();
  readonly #open = new Map<string, Asked>();

  /** It holds at most `most`. */
  constructor(toleranceMilliseconds: number, most: number) {
    this.#tolerance = toleranceMilliseconds;
    this.#most = most;
  }

  /** Returns the oldest one where it had to make room. */
  add(asked: Asked): Asked | null {
    const key = keyOf(asked);
    const same = this.#byKey.get(key);
    if (same === undefined) this.#byKey.set(key, [asked]);
    else same.push(asked);
    this.#waiting.add(asked);
    if (asked.end === null && asked.request !== null) this.#open.set(asked.request, asked);
    if (this.#waiting.size <= this.#most) return null;
    const [oldest] = this.#waiting;
    this.#remove(oldest as Asked);
    return oldest as Asked;
  }

  end(request: string, time: number): void {
    const asked = this.#open.get(request);
    if (asked === undefined) return;
    asked.end = time;
    this.#open.delete(request);
  }

  /** The record that explains it, used up with this: of those that fit, the one that could wait the shortest. */
  take(request: EhrRequest): Asked | null {
    let best: Asked | null = null;
    let weighed = 0;
    for (const asked of this.#byKey.get(keyOf(request)) ?? []) {
      if (asked.time - this.#tolerance - disorderMilliseconds > request.time || weighed === mostWeighed) break;
      if (!this.#isInTime(asked, request.time) || !namesSame(asked, request)) continue;
      weighed += 1;
      if (best === null || (asked.end ?? Infinity) < (best.end ?? Infinity)) best = asked;
    }
    if (best !== null) this.#remove(best);
    return best;
  }

  /** Takes out those that no line from `time` on can mean any more. */
  expire(time: number): Asked[] {
    const gone = [...this.#waiting].filter(({ end }) => end !== null && end + this.#tolerance < time);
    for (const asked of gone) this.#remove(asked);
    return gone;
  }

  rest(): readonly Asked[] {
    return [...this.#waiting];
  }

  /** A server may write the time at which a request began, or that at which it ended. */
  #isInTime({ time, end }: Asked, at: number): boolean {
    return at >= time - this.#tolerance && (end === null || at <= end + this.#tolerance);
  }

  #remove(asked: Asked): void {
    const key = keyOf(asked);
    const same = this.#byKey.get(key) as Asked[];
    same.splice(same.indexOf(asked), 1);
    if (same.length === 0) this.#byKey.delete(key);
    this.#waiting.delete(asked);
    if (asked.request !== null) this.#open.delete(asked.request);
  }
}

function keyOf({ method, path }: { readonly method: string; readonly path: string }): string {
  return `${method} ${path.slice(0, keyCharacters)}`;
}

function namesSame(asked: Asked, { path, names }: EhrRequest): boolean {
  if (asked.cut) {
    if (asked.names === null || asked.names === '') return path.startsWith(asked.path);
    return path === asked.path && (names ?? '').startsWith(asked.names);
  }
  return path === asked.path && (asked.names === null || names === null || names === asked.names);
}
