// The sentence in an `audit-outage` record that tells a verifier which lines of the file before stand again in the new
// one. It is read back by the verifier, so writing and reading live side by side.

export interface OutageNote {
  /** What failed, such as an errno name. */
  readonly cause: string;
  /** File whose lines after `after` count no more; null when there was none. */
  readonly abandoned: string | null;
  /** Sequence of the last record that was known to be on the disk. */
  readonly after: number;
  /** How many records stand again, byte for byte, between `after` and the note. */
  readonly repeated: number;
}

const pattern =
  /^Recording failed \([^()]*\); (?:"([^"]+)" is abandoned|no file is abandoned) after record (\d+), (\d+) repeated$/;

export function writeOutageNote(note: OutageNote): string {
  const cause = note.cause.replace(/[()]/g, '').slice(0, 100);
  const abandoned = note.abandoned === null ? 'no file is abandoned' : `"${note.abandoned}" is abandoned`;
  return `Recording failed (${cause}); ${abandoned} after record ${note.after}, ${note.repeated} repeated`;
}

/** The places a note names, or null when the text is no such note. */
export function readOutageNote(detail: string): Omit<OutageNote, 'cause'> | null {
  const match = pattern.exec(detail);
  if (match === null) return null;
  return { abandoned: match[1] ?? null, after: Number(match[2]), repeated: Number(match[3]) };
}
