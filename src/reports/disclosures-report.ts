// The accounting of one patient's disclosures (45 CFR 164.528), to be handed to the patient: to whom, when, what and what for, six
// years back. What an agency asked to hold back for a time is left out while it lasts.

import { basisWords } from '../core/disclosures/basis-words.ts';
import { isAccounted } from '../core/disclosures/disclosure.ts';
import { holdsBack } from '../core/disclosures/suspension.ts';
import { summariseDisclosures } from '../core/disclosures/summarise-disclosures.ts';
import type { MadeDisclosure } from '../core/disclosures/summarise-disclosures.ts';
import type { Column, ReportContent, Row } from '../core/report/report.ts';
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

interface Made extends MadeDisclosure {
  /** Number of the record that proves it. */
  readonly record: number;
}

async function build(
  { period, patient, forPatient }: ReportAsks,
  sources: ReportSources,
): Promise<ReportContent & { title: string }> {
  const language = forPatient ? sources.clinic.language : 'en';
  const words = accountingWords[language];
  const ids = await sources.patients.tokensOf(patient ?? '');
  const { made, unreadable, isCut } = await madeTo(ids, period, sources);
  const free = await notHeldBack(made, [patient ?? '', ...ids], sources);
  const records = new Map(made.map(({ id, record }) => [id, record]));
  const rows = summariseDisclosures(free).map(({ first, times, lastAt }): Row => {
    const { id, at, recipient, address, description, purpose, basis } = first;
    const ground = basisWords[language][basis];
    return { record: records.get(id) ?? null, first: at, recipient, address, description, purpose, ground, times, last: lastAt };
  });
  const accounted = free.filter(({ basis }) => isAccounted(basis)).length;
  const notes = [words.lead, ...(unreadable === 0 ? [] : [words.unreadable.replace('{count}', String(unreadable))])];
  return {
    title: words.title,
    about: [{ title: words.patient, type: 'patient', value: ids[0] ?? null }],
    figures: [{ key: 'disclosures', title: words.title, type: 'number', value: accounted, note: null }],
    sections: [
      { key: 'disclosures', title: words.title, notes, columns: columnsIn(words), rows, total: isCut ? null : rows.length },
    ],
    limits: words.limits,
    blanks: [],
  };
}

function columnsIn(words: (typeof accountingWords)['en']): readonly Column[] {
  return [
    { key: 'record', title: words.record, type: 'record' },
    { key: 'first', title: words.date, type: 'time' },
    { key: 'recipient', title: words.recipient, type: 'text' },
    { key: 'address', title: words.address, type: 'text' },
    { key: 'description', title: words.description, type: 'text' },
    { key: 'purpose', title: words.purpose, type: 'text' },
    { key: 'ground', title: words.ground, type: 'text' },
    { key: 'times', title: words.times, type: 'number' },
    { key: 'last', title: words.last, type: 'time' },
  ];
}

interface MadeTo {
  readonly made: readonly Made[];
  readonly unreadable: number;
  readonly isCut: boolean;
}

/** By every number of the patient. */
async function madeTo(ids: readonly string[], period: ReportAsks['period'], sources: ReportSources): Promise<MadeTo> {
  const made: Made[] = [];
  let unreadable = 0;
  let isCut = false;
  for (const id of ids) {
    const { told, isCut: isMore } = await toldDisclosures(sources, period, id);
    isCut ||= isMore;
    for (const { found, note, words } of told) {
      if (words === null) unreadable += 1;
      else made.push({ ...words, id: note.id, at: words.madeAt, replaces: null, record: found.sequence });
    }
  }
  return { made, unreadable, isCut };
}

/** A suspension names the patient as somebody typed them: any of their numbers. */
async function notHeldBack(made: readonly Made[], ids: readonly string[], sources: ReportSources): Promise<readonly Made[]> {
  const suspensions = await sources.disclosures.suspensions();
  const shown = await sources.patients.show(ids.filter((id) => id.startsWith('~')));
  const whose = [...ids, ...[...shown.values()].map(({ id }) => id)];
  return made.filter((one) => !suspensions.some((suspension) => holdsBack(suspension, one, whose, sources.now)));
}
