// What a heartbeat says in its `detail`. Reading two of them tells how many records stand between and whether the clock was set.

export interface Heartbeat {
  /** Number of the heartbeat before, in this run; 0 for the first. */
  readonly after: number;
  /** Heartbeats since then that could not be recorded. */
  readonly missed: number;
  /** How far the wall clock has moved against the one that never jumps, since the start. */
  readonly driftMilliseconds: number;
}

export function heartbeatNote({ after, missed, driftMilliseconds }: Heartbeat): string {
  const before = after === 0 ? 'first since the start' : `after heartbeat ${after}`;
  return `${before}, ${missed} heartbeats missed, 0 records dropped, clock ${driftMilliseconds} ms off since the start`;
}
