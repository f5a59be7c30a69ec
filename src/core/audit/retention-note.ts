// The sentence in a `configuration` record that says how long records are kept from here on. It is read back by the verifier, so
// writing and reading live side by side.

/** Days, or `unlimited`. */
export type Retention = number | 'unlimited';

const kept = String.raw`(?:for ([1-9]\d{0,5}) days|without limit)`;
const pattern = new RegExp(`^Records are kept ${kept} from here on; (?:before that they were kept|how long before is not)`);

/** `before` is null where nothing says how long it was. */
export function writeRetentionNote(now: Retention, before: Retention | null): string {
  const earlier = before === null ? 'how long before is not recorded' : `before that they were kept ${retentionInWords(before)}`;
  return `Records are kept ${retentionInWords(now)} from here on; ${earlier}`;
}

/** The policy that the text states, or null when it states none. */
export function readRetentionNote(detail: string): Retention | null {
  const match = pattern.exec(detail);
  if (match === null) return null;
  return match[1] === undefined ? 'unlimited' : Number(match[1]);
}

/** Behind "kept". */
export function retentionInWords(retention: Retention): string {
  return retention === 'unlimited' ? 'without limit' : `for ${retention} days`;
}
