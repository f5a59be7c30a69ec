// Who has which second factor, what was shown last, and who comes in without one of their own.

import { factorsHeld } from '../core/report/factors-held.ts';
import type { CountedFactors } from '../core/report/factors-held.ts';
import type { ReportContent } from '../core/report/report.ts';
import type { ReportAsks, ReportSources, Tally } from '../report-ports.ts';
import { column } from './column.ts';
import { listedEvents } from './listed-events.ts';
import type { ReportKind } from './report-kind.ts';

export const factorsReport: ReportKind = {
  name: 'factors',
  title: 'Second factors',
  says: 'who has which second factor at the end of the period, what was shown last, and exceptions',
  citations: ['45 CFR 164.312(d)'],
  wants: null,
  build,
};

const changes = ['enrolment', 'factor-removed', 'factor-renamed', 'recovery-code-used', 'enrol-code-used', 'emergency-sign-in', 'offboarded', 'readmitted']; // prettier-ignore

async function build({ period: { until } }: ReportAsks, sources: ReportSources): Promise<ReportContent> {
  const { records } = sources;
  const told = await listedEvents(sources, { until }, changes);
  const signIns = await records.tally({ until, event: 'sign-in' }, ['person', 'factor']);
  const shown = await records.tally({ until, event: 'second-factor' }, ['person', 'factor']);
  const rows = factorsHeld(told.requests, countedOf(signIns), countedOf(shown));
  const here = rows.filter(({ left }) => left === null);
  const count = (of: (row: (typeof rows)[number]) => boolean): number => here.filter(of).length;
  const share = (part: number): number | null => (here.length === 0 ? null : Math.round((100 * part) / here.length));
  const covered = count(({ hasNone }) => !hasNone);
  const resisting = count(({ resistsPhishing }) => resistsPhishing);
  return {
    about: [],
    figures: [
      { key: 'people', title: 'People who may come in', type: 'number', value: here.length, note: 'Those who ever signed in or set up a factor, without those who left.' },
      { key: 'covered', title: 'Of them with a second factor', type: 'number', value: covered, note: null },
      { key: 'coveredPercent', title: 'In per cent', type: 'number', value: share(covered), note: null },
      { key: 'resisting', title: 'With a passkey, which no look-alike page can ask for', type: 'number', value: resisting, note: null },
      { key: 'resistingPercent', title: 'In per cent', type: 'number', value: share(resisting), note: null },
      { key: 'without', title: 'Without one', type: 'number', value: count(({ hasNone }) => hasNone), note: null },
    ], // prettier-ignore
    sections: [
      {
        key: 'people',
        title: 'People',
        notes: ['As it stands at the end of the period.'],
        columns: [
          column('person', 'Person', 'person'),
          column('code', 'Code from the phone', 'yes-no'),
          column('passkeys', 'Passkeys', 'number'),
          column('resistsPhishing', 'Resists phishing', 'yes-no'),
          column('hasNone', 'Without one', 'yes-no'),
          column('signIns', 'Sign-ins ever', 'number'),
          column('lastSignIn', 'Last sign-in', 'time'),
          column('lastFactor', 'With'),
          column('lastShown', 'Factor shown here last', 'time'),
          column('rememberedSignIns', 'Sign-ins on a remembered factor', 'number'),
          column('recoveryCodesUsed', 'Recovery codes used', 'number'),
          column('exceptions', 'Exceptions'),
          column('left', 'Left', 'time'),
        ],
        rows,
        total: told.total === null || signIns.isCut || shown.isCut ? null : rows.length,
      },
    ],
    limits: [
      'It is told from the record from its first entry on; a factor that was set up before that, or put back with a backup, is not known here.',
      'Whether a factor that the sign-in service vouched for resists phishing is not on record; it counts as one that does not.',
      'Whoever has an account at the sign-in service and never came here is not known.',
    ],
    blanks: [],
  };
}

function countedOf({ rows }: Tally): readonly CountedFactors[] {
  return rows.map(({ keys: [person, factor], count, until }) => ({
    person: typeof person === 'string' ? person : null,
    factor: typeof factor === 'string' ? factor : null,
    count,
    until,
  }));
}
