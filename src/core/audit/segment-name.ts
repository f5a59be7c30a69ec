// Names of the log's files: one a day by UTC date, and further ones of that day after trouble with the one before
// (`2026-11-23.jsonl`, `2026-11-23.2.jsonl`). Sorting by name parts gives the order of the chain. A closed file may lie packed
// (`2026-11-23.jsonl.gz`), or only as the hashes of its records (`2026-11-23.jsonl.pruned`); its name in the chain stays.

export interface SegmentName {
  /** `YYYY-MM-DD`, UTC. */
  readonly date: string;
  /** 1 for the day's first file. */
  readonly number: number;
}

/** How a file of the log lies on the disk: its lines, its lines packed with gzip, or gone up to the hashes of its records. */
export type SegmentForm = 'plain' | 'packed' | 'pruned';

/** What stands behind the name in each form. Where a file lies in two, the first of them counts. */
export const segmentEndings = { plain: '', packed: '.gz', pruned: '.pruned' } as const satisfies Record<SegmentForm, string>;

const pattern = /^(\d{4}-\d{2}-\d{2})(?:\.([2-9]|[1-9]\d{1,5}))?\.jsonl$/;

/** The parts of a segment's file name, or null for any other file. */
export function readSegmentName(name: string): SegmentName | null {
  const match = pattern.exec(name);
  if (match === null) return null;
  const [, date = '', number = '1'] = match;
  return { date, number: Number(number) };
}

/** Which segment a file is, and in which form; null for any other file. */
export function readSegmentFile(fileName: string): { readonly name: string; readonly form: SegmentForm } | null {
  const [, name = '', ending = ''] = /^(.*\.jsonl)(\.gz|\.pruned)?$/.exec(fileName) ?? [];
  if (readSegmentName(name) === null) return null;
  if (ending === '') return { name, form: 'plain' };
  return { name, form: ending === segmentEndings.packed ? 'packed' : 'pruned' };
}

/** Negative when `a` comes before `b` in the chain. Both must be segment names. */
export function compareSegmentNames(a: string, b: string): number {
  const [left, right] = [sortKey(a), sortKey(b)];
  return Number(left > right) - Number(left < right);
}

/** The first free name on or after `date` (`YYYY-MM-DD`) that sorts behind every name in `taken`. */
export function nextSegmentName(date: string, taken: readonly string[]): string {
  let latest: SegmentName = { date, number: 0 };
  for (const name of taken) {
    const parts = readSegmentName(name);
    if (parts !== null && (parts.date > latest.date || (parts.date === latest.date && parts.number > latest.number)))
      latest = parts;
  }
  return latest.number === 0 ? `${latest.date}.jsonl` : `${latest.date}.${latest.number + 1}.jsonl`;
}

function sortKey(name: string): string {
  const parts = readSegmentName(name);
  return parts === null ? name : `${parts.date}.${String(parts.number).padStart(6, '0')}`;
}
