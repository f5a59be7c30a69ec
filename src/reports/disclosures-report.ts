// The accounting of one patient's disclosures (45 CFR 164.528), to be handed to the patient: to whom, when, what and what for, six
// years back. What an agency asked to hold back for a time is left out while it lasts.

import { isAccounted } from '../core/disclosures/disclosure.ts';
import { holdsBack } from '../core/disclosures/suspension.ts';
import { summariseDisclosures } from '../core/disclosures/summarise-disclosures.ts';
import type { MadeDisclosure } from '../core/disclosures/summarise-disclosures.ts';
import type { ReportContent, Row } from '../core/report/report.ts';
import type { ReportAsks, ReportSources } from '../report-ports.ts';
import { accountingWords } from './accounting-words.ts';
import type { ReportKind } from './report-kind.ts';
import { toldDisclosures } from './told-disclosures.ts';

export const disclosuresReport: ReportKind = {
  name: 'disclosures',
  title: 'Accounting of disclosures',
  says: "one patient's disclosures outside treatment, payment and operations, six years back: --patient ID",
  citations: ['45 CFR 164.528'],
  wants: 'patient',
  years: 6,
  handedOut: true,
  build,
};

async function build(
  { period, patient, forPatient }: ReportAsks,
  sources: ReportSources,
): Promise<ReportContent & { title: string }> {
  const words = accountingWords[forPatient ? sources.clinic.language : 'en'];
  const ids = await sources.patients.tokensOf(patient ?? '');
  const made: (MadeDisclosure & { readonly record: number })[] = [];
  let unreadable = 0;
  let isCut = false;
  for (const id of ids) {
    const { told, isCut: isMore } = await toldDisclosures(sources, period, id);
    isCut ||= isMore;
    for (const { found, note, words: said } of told) {
      if (said === null) unreadable += 1;
      else made.push({ ...said, id: note.id, at: said.madeAt, replaces: null, record: found.sequence });
    }
  }
  const whole = await sources.disclosures.suspensions();
  const shown = await sources.patients.show(ids);
  const whose = [patient ?? '', ...ids, ...[...shown.values()].map(({ id }) => id)];
  const free = made.filter((one) => !whole.some((suspension) => holdsBack(suspension, one, whose, sources.now)));
  const records = new Map(made.map(({ id, record }) => [id, record]));
  const lines = summariseDisclosures(free);
  const rows = lines.map(({ first, times, lastAt }): Row => {
    const { id, at, recipient, address, description, purpose, basis } = first;
    const ground = words.bases[basis];
    return { record: records.get(id) ?? null, first: at, recipient, address, description, purpose, ground, times, last: lastAt };
  });
  return {
    title: words.title,
    about: [{ title: words.patient, type: 'patient', value: ids[0] ?? null }],
    figures: [
      {
        key: 'disclosures',
        title: words.title,
        type: 'number',
        value: free.filter(({ basis }) => isAccounted(basis)).length,
        note: null,
      },
    ],
    sections: [
      {
        key: 'disclosures',
        title: words.title,
        notes: [words.lead, ...(unreadable === 0 ? [] : [words.unreadable.replace('{count}', String(unreadable))])],
        columns: [
          { key: 'record', title: words.record, type: 'record' },
          { key: 'first', title: words.date, type: 'time' },
          { key: 'recipient', title: words.recipient, type: 'text' },
          { key: 'address', title: words.address, type: 'text' },
          { key: 'description', title: words.description, type: 'text' },
          { key: 'purpose', title: words.purpose, type: 'text' },
          { key: 'ground', title: words.ground, type: 'text' },
          { key: 'times', title: words.times, type: 'number' },
          { key: 'last', title: words.last, type: 'time' },
        ],
        rows,
        total: isCut ? null : rows.length,
      },
    ],
    limits: words.limits,
    blanks: [],
  };
}
