// The sentence in a `configuration` record that tells which rules or settings replaced which, and who is answerable for it.
// Reports read it back, so writing and reading live side by side.

/** rules.yaml, or what gateway.yaml says. */
export type ChangedFile = 'rules' | 'settings';

export interface RulesNote {
  readonly of: ChangedFile;
  /** First digits of the SHA-256 of the rules before; null where that is not known. */
  readonly before: string | null;
  readonly after: string;
  /** Null where the file was changed by hand. */
  readonly author: RulesAuthor | null;
}

const deeds = ['applied', 'rolled back', 'claimed'] as const;
export type AuthoredDeed = (typeof deeds)[number];

export interface RulesAuthor {
  /** `claimed`: somebody took it upon them after it was in force. */
  readonly deed: AuthoredDeed;
  readonly person: string;
  /** When, ISO 8601, UTC. */
  readonly time: string;
  readonly approver: string | null;
  readonly reason: string;
}

/** Characters kept, so that the sentence is never cut. */
export const mostNoteCharacters = { person: 80, approver: 80, reason: 200 } as const;

const pattern =
  /^(Rules|Settings) (\S+) replaced by (\S+): (?:author not recorded|(applied|rolled back|claimed) by "([^"]*)" at (\S+)(?:, approved by "([^"]*)")?, because "([^"]*)")$/;
const unknown = 'unknown';

export function writeRulesNote({ of, before, after, author }: RulesNote): string {
  const change = `${of === 'rules' ? 'Rules' : 'Settings'} ${before ?? unknown} replaced by ${after}`;
  if (author === null) return `${change}: author not recorded`;
  const { deed, person, time, approver, reason } = author;
  const approved = approver === null ? '' : `, approved by "${within(approver, mostNoteCharacters.approver)}"`;
  const by = `${deed} by "${within(person, mostNoteCharacters.person)}" at ${time}`;
  return `${change}: ${by}${approved}, because "${within(reason, mostNoteCharacters.reason)}"`;
}

/** The note, or null when the text is none. */
export function readRulesNote(detail: string): RulesNote | null {
  const match = pattern.exec(detail);
  if (match === null) return null;
  const [, file, before = '', after = '', word, person = '', time = '', approver = null, reason = ''] = match;
  const of = file === 'Rules' ? ('rules' as const) : ('settings' as const);
  const replaced = { of, before: before === unknown ? null : before, after };
  const deed = deeds.find((one) => one === word);
  if (deed === undefined) return { ...replaced, author: null };
  return { ...replaced, author: { deed, person, time, approver, reason } };
}

/** A text that cannot end its quotes. */
function within(text: string, most: number): string {
  return text.replaceAll('"', "'").slice(0, most);
}
