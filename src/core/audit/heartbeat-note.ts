// What a heartbeat says in its `detail`. Reading two of them tells how many records stand between, what was done meanwhile and
// whether the clock was set. Reports read it back, so writing and reading live side by side.

export interface Heartbeat {
  /** Number of the heartbeat before, in this run; 0 for the first. */
  readonly after: number;
  /** Heartbeats since then that could not be recorded. */
  readonly missed: number;
  /** Since the heartbeat before: requests that ended, refusals on record, records written. */
  readonly requests: number;
  readonly refusals: number;
  readonly records: number;
  /** Open now. */
  readonly sessions: number;
  /** Records under the last checkpoint. */
  readonly treeSize: number;
  /** Since a checkpoint reached an anchor off this machine; null where none has. */
  readonly anchorAgeSeconds: number | null;
  /** How far the wall clock has moved against the one that never jumps, since the start. */
  readonly driftMilliseconds: number;
  /** The last time it was set, and by how much; null where it was not. */
  readonly step: ClockStep | null;
}

export interface ClockStep {
  readonly milliseconds: number;
  /** ISO 8601, UTC. */
  readonly time: string;
}

/** Clocks that are kept right move by less than this between two heartbeats. */
const stepMilliseconds = 1000;

const pattern =
  /^(?:first since the start|after heartbeat (\d+)), (\d+) heartbeats missed, 0 records dropped; since then (\d+) requests, (\d+) refusals, (\d+) records; (\d+) sessions; tree of (\d+) records, (?:unanchored|anchored (\d+) s ago); clock (-?\d+) ms off since the start, (?:never set|last set by (-?\d+) ms at (\S{1,32}))$/;

export function heartbeatNote(beat: Heartbeat): string {
  const { after, missed, requests, refusals, records, sessions, treeSize, anchorAgeSeconds, driftMilliseconds, step } = beat;
  const before = after === 0 ? 'first since the start' : `after heartbeat ${after}`;
  const done = `since then ${requests} requests, ${refusals} refusals, ${records} records`;
  const anchored = anchorAgeSeconds === null ? 'unanchored' : `anchored ${anchorAgeSeconds} s ago`;
  const set = step === null ? 'never set' : `last set by ${step.milliseconds} ms at ${step.time}`;
  const clock = `clock ${driftMilliseconds} ms off since the start, ${set}`;
  return `${before}, ${missed} heartbeats missed, 0 records dropped; ${done}; ${sessions} sessions; tree of ${treeSize} records, ${anchored}; ${clock}`;
}

/** What it says, or null when the text is none. */
export function readHeartbeatNote(detail: string): Heartbeat | null {
  const match = pattern.exec(detail);
  if (match === null) return null;
  const [, after = '0', missed, requests, refusals, records, sessions, treeSize, age, drift, stepped, time = ''] = match;
  return {
    after: Number(after),
    missed: Number(missed),
    requests: Number(requests),
    refusals: Number(refusals),
    records: Number(records),
    sessions: Number(sessions),
    treeSize: Number(treeSize),
    anchorAgeSeconds: age === undefined ? null : Number(age),
    driftMilliseconds: Number(drift),
    step: stepped === undefined ? null : { milliseconds: Number(stepped), time },
  };
}

/** The step in a drift that has moved from one value to another, or the one that was known before. */
export function stepOf(before: number, now: number, time: string, known: ClockStep | null): ClockStep | null {
  return Math.abs(now - before) < stepMilliseconds ? known : { milliseconds: now - before, time };
}
