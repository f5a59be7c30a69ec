// What an `offboarded` record says in its `detail`: what was taken away from somebody who left, each with its number, and how long
// after the notice. Reports read it back, so writing and reading live side by side.

export interface LeavingNote {
  /** In the order in which it was done; `sign-in blocked` first. */
  readonly steps: readonly LeavingStep[];
  /** Null where nobody said when the clinic heard of it. */
  readonly notice: LeavingNotice | null;
}

export interface LeavingStep {
  readonly what: string;
  readonly count: number;
}

export interface LeavingNotice {
  /** ISO 8601, UTC. */
  readonly at: string;
  /** From the notice until all of it was done, begun ones counted. */
  readonly minutes: number;
}

const pattern = /^((?:[^:,;]+: \d+(?:, |$|(?=;)))+)(?:; done (\d+) minutes after the notice at (\S{1,32}))?$/;
const stepPattern = /([^:,;]+): (\d+)(?:, |$)/g;

export function writeLeavingNote({ steps, notice }: LeavingNote): string {
  const since = notice === null ? '' : `; done ${notice.minutes} minutes after the notice at ${notice.at}`;
  return `${steps.map(({ what, count }) => `${what}: ${count}`).join(', ')}${since}`;
}

/** The note, or null when the text is none. */
export function readLeavingNote(detail: string): LeavingNote | null {
  const [, list, minutes, at] = pattern.exec(detail) ?? [];
  if (list === undefined || list.endsWith(', ')) return null;
  const steps = [...list.matchAll(stepPattern)].map(([, what = '', count]) => ({ what, count: Number(count) }));
  return { steps, notice: at === undefined ? null : { at, minutes: Number(minutes) } };
}
