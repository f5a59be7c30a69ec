// What a receiver is told of alerts: one of them, or those of a day that were not told one by one. No patient's id, name or token
// has a place in it.

export interface AlertMessage {
  /** The same whenever the same is told again, so that a receiver can leave it out. */
  readonly id: string;
  readonly kind: 'alert' | 'summary';
  /** ISO 8601, UTC, and on the clinic's clock. */
  readonly time: string;
  readonly clock: string;
  readonly clinic: string;
  readonly title: string;
  /** Null where it is no single person's doing, and in a summary. */
  readonly person: string | null;
  readonly detector: string | null;
  /** Sentences without their full stop. */
  readonly lines: readonly string[];
  /** The record in the console. */
  readonly link: string;
}

/** `Many patients` for `many-patients`. */
export function detectorInWords(name: string): string {
  const words = name.replaceAll('-', ' ');
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

/** As plain text, for mail. */
export function alertText({ lines, clock, clinic, person, link }: AlertMessage): string {
  const who = person === null ? [] : [`Person: ${person}`];
  return [...lines, '', ...who, `Time: ${clock} (${clinic})`, `Record: ${link}`, ''].join('\n');
}
