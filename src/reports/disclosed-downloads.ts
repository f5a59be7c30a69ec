// Whether a download left treatment, payment and operations, as its person said when they were asked.

import { basisWords } from '../core/disclosures/basis-words.ts';
import { readDisclosureNote } from '../core/disclosures/disclosure-note.ts';
import type { Row } from '../core/report/report.ts';
import type { FoundRequest } from '../search-ports.ts';
import { column } from './column.ts';
import type { ExportAddition } from './export-additions.ts';
import { listedEvents } from './listed-events.ts';

const events = ['disclosure-owed', 'disclosure-not', 'disclosure', 'disclosure-cancelled'];
/** An answer stands on record before its download goes out, or is owed for a while. */
const aroundMilliseconds = 30 * 86_400_000;

export const disclosedDownloads: ExportAddition = {
  columns: [column('left', 'Left treatment, payment and operations')],
  cells: async (downloads, sources) => {
    const times = downloads.map(({ time }) => time);
    const [first, last] = [Math.min(...times), Math.max(...times)];
    if (times.length === 0) return new Map();
    const query = { since: first - aroundMilliseconds, until: last + aroundMilliseconds };
    const { requests } = await listedEvents(sources, query, events);
    return new Map(
      requests.flatMap((one): [string, Row][] => (one.request === null ? [] : [[one.request, { left: leftOf(one) }]])),
    );
  },
};

function leftOf({ event, detail }: FoundRequest): string {
  if (event === 'disclosure-not') return 'no';
  if (event === 'disclosure-owed') return 'the answer is owed';
  if (event === 'disclosure-cancelled') return 'given up when asked';
  const note = readDisclosureNote(detail ?? '');
  return note === null ? 'yes' : `yes: ${basisWords.en[note.basis]}`;
}
