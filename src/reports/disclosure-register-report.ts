// The register of disclosures, for the officer: every one in a time, also those that an accounting leaves out, with who made it and
// how it is known, and the downloads of emergencies whose answer is still owed.

import { basisWords } from '../core/disclosures/basis-words.ts';
import { isAccounted } from '../core/disclosures/disclosure.ts';
import type { Column, ReportContent, Row } from '../core/report/report.ts';
import type { ReportAsks, ReportSources } from '../report-ports.ts';
import { listedRequests } from './listed-requests.ts';
import type { ReportKind } from './report-kind.ts';
import { toldDisclosures } from './told-disclosures.ts';
import type { ToldDisclosure } from './told-disclosures.ts';

export const disclosureRegisterReport: ReportKind = {
  name: 'disclosure-register',
  title: 'Register of disclosures',
  says: 'every disclosure outside treatment, payment and operations, for the officer',
  citations: ['45 CFR 164.528', '45 CFR 164.530(j)'],
  wants: null,
  build,
};

const columns: readonly Column[] = [
  { key: 'record', title: 'Record', type: 'record' },
  { key: 'made', title: 'Made', type: 'time' },
  { key: 'person', title: 'By', type: 'person' },
  { key: 'patient', title: 'Patient', type: 'patient' },
  { key: 'count', title: 'Patients not named', type: 'number' },
  { key: 'recipient', title: 'Recipient', type: 'text' },
  { key: 'address', title: 'Address', type: 'text' },
  { key: 'description', title: 'What', type: 'text' },
  { key: 'purpose', title: 'Purpose', type: 'text' },
  { key: 'ground', title: 'Ground', type: 'text' },
  { key: 'accounted', title: 'In the accounting', type: 'yes-no' },
  { key: 'known', title: 'Known', type: 'text' },
  { key: 'rule', title: 'Rule', type: 'text' },
  { key: 'number', title: 'Number', type: 'code' },
];

async function build({ period }: ReportAsks, sources: ReportSources): Promise<ReportContent> {
  const { told, replaced, isCut } = await toldDisclosures(sources, period, null);
  const { since, until } = period;
  const [inside, owed, cancelled] = await Promise.all(
    ['disclosure-not', 'disclosure-owed', 'disclosure-cancelled'].map((event) =>
      listedRequests(sources, { event, since, until }),
    ),
  );
  const figure = (key: string, title: string, value: number | null, note: string | null = null) =>
    ({ key, title, type: 'number', value, note }) as const;
  return {
    about: [],
    figures: [
      figure('disclosures', 'Disclosures', isCut ? null : told.length, 'One for each patient that was named.'),
      figure('replaced', 'Withdrawn or set right', replaced),
      figure('inside', 'Downloads that stayed inside treatment, payment and operations', inside?.total ?? null),
      figure('emergency', 'Gone out in an emergency, to be told of afterwards', owed?.total ?? null),
      figure('cancelled', 'Given up when asked', cancelled?.total ?? null),
    ],
    sections: [
      {
        key: 'disclosures',
        title: 'Disclosures',
        notes: ['What an agency asked to hold back stands here all the same; this register is not for the patient.'],
        columns,
        rows: told.map(rowOf),
        total: isCut ? null : told.length,
      },
    ],
    limits: ['What was disclosed by paper, telephone or another system is here only where somebody entered it.'],
    blanks: [],
  };
}

function rowOf({ found, note, words }: ToldDisclosure): Row {
  const said = words ?? {
    recipient: 'The words are not those that were recorded',
    address: null,
    description: null,
    purpose: null,
  };
  const { recipient, address, description, purpose } = said;
  return {
    record: found.sequence,
    made: words?.madeAt ?? found.time,
    person: found.person,
    patient: found.patient,
    count: note.count,
    recipient,
    address,
    description,
    purpose,
    ground: basisWords.en[note.basis],
    accounted: isAccounted(note.basis),
    known: note.how,
    rule: found.rule,
    number: note.id,
  };
}
