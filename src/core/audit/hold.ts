// A legal hold: records of some days that are kept however old they grow, until somebody releases it. Its two sentences in the
// record are read back by the verifier, so writing and reading live side by side.

export interface Hold {
  readonly name: string;
  /** `YYYY-MM-DD`, UTC, both included; null for no bound. */
  readonly from: string | null;
  readonly to: string | null;
}

/** A hold as its record tells it. */
export interface ToldHold extends Hold {
  readonly by: string;
  readonly because: string;
}

/** It is typed again for the release. */
const name = String.raw`[A-Za-z0-9][\w.-]{0,59}`;
const date = String.raw`\d{4}-\d{2}-\d{2}`;
const begun = new RegExp(
  `^Hold "(${name})" keeps all records (?:from (${date}) )?(?:up to (${date}) )?until it is released, by (.*?), because: (.*)$`,
);
const ended = new RegExp(`^Hold "(${name})" is released, by `);

export function isHoldName(text: string): boolean {
  return new RegExp(`^${name}$`).test(text);
}

/** Of an `audit-hold` record. `by` and `because` are in words. */
export function writeHoldNote(hold: Hold, by: string, because: string): string {
  return `Hold "${hold.name}" keeps all records ${holdDays(hold)}until it is released, by ${by}, because: ${because}`;
}

/** The hold, or null when the text tells of none. */
export function readHoldNote(detail: string): ToldHold | null {
  const match = begun.exec(detail);
  if (match === null) return null;
  const [, held = '', from = null, to = null, by = '', because = ''] = match;
  return { name: held, from, to, by, because };
}

/** Of an `audit-hold-released` record. */
export function writeReleaseNote(held: string, by: string, because: string): string {
  return `Hold "${held}" is released, by ${by}, because: ${because}`;
}

/** The name of the hold, or null when the text tells of no release. */
export function readReleaseNote(detail: string): string | null {
  return ended.exec(detail)?.[1] ?? null;
}

/** Whether the hold keeps records between the two days, both included. */
export function holds({ from, to }: Hold, oldestDay: string, newestDay: string): boolean {
  return (from === null || from <= newestDay) && (to === null || to >= oldestDay);
}

/** Ends with a blank where there is anything to say. */
export function holdDays({ from, to }: Hold): string {
  return `${from === null ? '' : `from ${from} `}${to === null ? '' : `up to ${to} `}`;
}
