// The sentence in a `restored` record that tells a verifier from which backup the log was restored and where that one ended.
// It is read back by the verifier, so writing and reading live side by side.

export interface RestoreNote {
  /** When the backup was made, ISO 8601, UTC. */
  readonly backup: string;
  /** Who restored it, in words. */
  readonly by: string;
  /** Name of the machine it was restored on. */
  readonly host: string;
  /** The last record of the backup; the record of the restoration is the next one. */
  readonly sequence: number;
  readonly hash: string;
}

/** Characters of a name that are kept, so that the sentence is never cut. */
const mostName = 80;

const pattern =
  /^Restored from the backup of (\S{1,32}) by "([^"]*)" on "([^"]*)"; it ends with record (\d+) \(([0-9a-f]{64})\), what was recorded after that is not in this log$/;

export function writeRestoreNote({ backup, by, host, sequence, hash }: RestoreNote): string {
  const end = `it ends with record ${sequence} (${hash}), what was recorded after that is not in this log`;
  return `Restored from the backup of ${backup} by "${named(by)}" on "${named(host)}"; ${end}`;
}

/** The note, or null when the text is none. */
export function readRestoreNote(detail: string): RestoreNote | null {
  const match = pattern.exec(detail);
  if (match === null) return null;
  const [, backup = '', by = '', host = '', sequence = '', hash = ''] = match;
  return { backup, by, host, sequence: Number(sequence), hash };
}

/** A name that cannot end its quotes. */
function named(name: string): string {
  return name.replaceAll('"', "'").slice(0, mostName);
}
