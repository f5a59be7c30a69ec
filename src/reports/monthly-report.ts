// The monthly review of information system activity: numbers, what changed, what stands out, and accesses drawn by lot for
// somebody to look at, with room for who did that and what they found.

import type { CountedEvents } from '../core/report/review-counts.ts';
import { reviewCounts } from '../core/report/review-counts.ts';
import type { Blank, ReportContent } from '../core/report/report.ts';
import type { ReportAsks, ReportSources } from '../report-ports.ts';
import type { FoundRequest } from '../search-ports.ts';
import { eventSection } from './event-section.ts';
import { listedEvents } from './listed-events.ts';
import { monthlyCases } from './monthly-cases.ts';
import { monthlyFigures } from './monthly-figures.ts';
import { monthlyDownloads } from './monthly-downloads.ts';
import { monthlyPeople } from './monthly-people.ts';
import { monthlySample } from './monthly-sample.ts';
import type { ReportKind } from './report-kind.ts';

export const monthlyReport: ReportKind = {
  name: 'monthly',
  title: 'Review of information system activity',
  says: 'the monthly review: numbers, changes, a sample to look at, room to sign',
  citations: ['45 CFR 164.308(a)(1)(ii)(D)', '45 CFR 164.312(b)'],
  wants: null,
  build,
};

const privilegeEvents = ['roles-refreshed', 'offboarded', 'readmitted', 'factor-removed', 'order'];
/** Orders that only look; and roles that were read again and were the same. */
const looks = /^"(?:audit |report|user list|user show|session list)/;
const configurationEvents = ['configuration', 'configuration-rejected', 'restored'];

const blanks: readonly Blank[] = [
  { title: 'Exceptions, and what was done about them', lines: 5 },
  { title: 'Reviewer (name and role)', lines: 1 },
  { title: 'Date and time', lines: 1 },
  { title: 'Signature', lines: 2 },
];

async function build(asks: ReportAsks, sources: ReportSources): Promise<ReportContent> {
  const { since, until } = asks.period;
  const query = { since, until } as const;
  const { records } = sources;
  const tally = await records.tally({ ...query, ended: true }, ['person', 'event', 'decision']);
  const counts = reviewCounts(tally.rows.map(asCounted));
  const downloads = await monthlyDownloads(query, sources);
  const people = await monthlyPeople(query, counts, sources);
  const sample = await monthlySample(query, asks.seed, sources);
  const changes = await listedEvents(sources, query, privilegeEvents);
  const privileges = { ...changes, requests: changes.requests.filter(isChange) };
  const configuration = await listedEvents(sources, query, configurationEvents);
  const alerts = await listedEvents(sources, query, ['alert']);
  const cases = await listedEvents(sources, query, ['case-step']);
  const emergencies = await listedEvents(sources, query, ['break-glass', 'emergency-sign-in']);
  return {
    about: [],
    figures: await monthlyFigures({ asks, sources, counts, downloads, people, privileges, configuration, sample }),
    sections: [
      people.section,
      eventSection(
        'privileges',
        'Changes of privileges, and orders about people',
        ['The roles beside a person are those they have since; what they had before stands in the last column.'],
        { ...privileges, total: privileges.total === null ? null : privileges.requests.length },
      ),
      eventSection('emergencies', 'Emergency accesses', ['Each wants a look of its own.'], emergencies),
      eventSection('alerts', 'Alerts', ['Each is a question that a detector asks, and no finding.'], alerts),
      monthlyCases(cases),
      downloads.section,
      eventSection('configuration', 'Changes of rules and configuration', [], configuration),
      sample.roles,
      sample.section,
    ],
    limits: [
      'Roles are those that the identity provider gave at the time; who was given a role there without signing in here is not seen.',
      'Whether an emergency access was reviewed, and by whom, is not recorded by the gateway yet.',
    ],
    blanks,
  };
}

function isChange({ event, detail }: FoundRequest): boolean {
  if (event === 'order') return detail !== null && !looks.test(detail);
  return event !== 'roles-refreshed' || detail !== null;
}

function asCounted({
  keys: [person, event, decision],
  count,
}: {
  readonly keys: readonly unknown[];
  readonly count: number;
}): CountedEvents {
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  return { person: text(person), event: text(event) ?? '', decision: text(decision), count };
}
