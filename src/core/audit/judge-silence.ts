// Finds the times in which the log says nothing: a heartbeat each minute makes silence something that can be seen. A fold over
// the records in order; it judges by the clock that never jumps, and compares it only within one run of the gateway.

export interface Silence {
  /** Number of the record before and behind it. */
  readonly after: number;
  readonly until: number;
  /** Null where the gateway was not running, or ended without a word. */
  readonly seconds: number | null;
  readonly what: string;
}

export interface SilenceFold {
  readonly boot: string | null;
  /** Monotonic milliseconds of the last heartbeat of this run, or of its first record. */
  readonly beatAt: number;
  readonly beat: number;
  readonly last: { readonly sequence: number; readonly event: string; readonly time: string };
  /** Wall clock of the latest record so far, epoch milliseconds; where it was set back is told once for each run. */
  readonly wall: number;
  readonly toldBack: boolean;
  /** It is a run of the gateway and not of a command that wrote into a log at rest; those neither start nor stop. */
  readonly isStarted: boolean;
  readonly silences: readonly Silence[];
  /** All of them; the list holds the first hundred. */
  readonly count: number;
}

export interface SilenceRecord {
  readonly sequence: number;
  readonly event: string;
  readonly boot: string;
  readonly monotonic: number;
  readonly time: string;
}

/** A heartbeat is due each minute; a busy machine may be late by half of one. */
const longestMilliseconds = 90_000;
/** Clocks that are kept right by small steps are no news. */
const setBackMilliseconds = 30_000;
const mostKept = 100;

export const beginSilence: SilenceFold = {
  boot: null,
  beatAt: 0,
  beat: 0,
  last: { sequence: 0, event: 'stop', time: '' },
  wall: 0,
  toldBack: false,
  isStarted: false,
  silences: [],
  count: 0,
};

export function judgeSilence(before: SilenceFold, record: SilenceRecord): SilenceFold {
  const entered = record.boot === before.boot ? before : enterRun(before, record);
  const { sequence, event, monotonic, time } = record;
  const quiet = monotonic - entered.beatAt;
  const isBeat = event === 'heartbeat';
  const ends = isBeat || event === 'stop';
  const seconds = Math.round(quiet / 1000);
  const gap = { after: entered.beat, until: sequence, seconds, what: `no heartbeat for ${seconds} s` };
  const judged = ends && quiet > longestMilliseconds ? told(entered, gap) : entered;
  const placed = isBeat ? { ...judged, beatAt: monotonic, beat: sequence } : judged;
  const isStarted = placed.isStarted || event === 'start';
  return backwards({ ...placed, isStarted, last: { sequence, event, time } }, record);
}

/** Whether the log goes on as it should at its end is for whoever knows the time now. */
function enterRun(before: SilenceFold, { sequence, boot, monotonic }: SilenceRecord): SilenceFold {
  const fresh = { ...before, boot, beatAt: monotonic, beat: sequence, toldBack: false, isStarted: false };
  if (before.last.event === 'stop' || !before.isStarted) return fresh;
  const what = 'the gateway ended without a record of its stop';
  return told(fresh, { after: before.last.sequence, until: sequence, seconds: null, what });
}

function backwards(fold: SilenceFold, { sequence, time }: SilenceRecord): SilenceFold {
  const now = Date.parse(time);
  if (Number.isNaN(now) || now >= fold.wall) return { ...fold, wall: Number.isNaN(now) ? fold.wall : now };
  const back = fold.wall - now;
  if (back <= setBackMilliseconds || fold.toldBack) return fold;
  const what = `the clock was set back by ${Math.round(back / 1000)} s`;
  return told({ ...fold, toldBack: true }, { after: sequence - 1, until: sequence, seconds: null, what });
}

function told(fold: SilenceFold, silence: Silence): SilenceFold {
  return { ...fold, count: fold.count + 1, silences: [...fold.silences, silence].slice(0, mostKept) };
}
