// That sessions lock and end when nobody is there: what is configured, what the record shows, and whether work was lost.

import { lockEvidence } from '../core/report/lock-evidence.ts';
import type { ReportContent, Row, Section } from '../core/report/report.ts';
import type { ReportAsks, ReportSources } from '../report-ports.ts';
import type { FoundRequest } from '../search-ports.ts';
import { column } from './column.ts';
import { listedEvents } from './listed-events.ts';
import type { ReportKind } from './report-kind.ts';

export const timeOutReport: ReportKind = {
  name: 'time-out',
  title: 'Session time-out',
  says: 'limits as configured, locks as observed, how they went on, and forms that were kept or lost',
  citations: ['45 CFR 164.312(a)(2)(iii)', '45 CFR 170.315(d)(5)'],
  wants: null,
  build,
};

const ofLocks = ['locked', 'unlocked', 'unlock-failed', 'session-ended'];
const ofPosts = ['post-held', 'post-sent', 'post-discarded', 'post-expired', 'draft-held'] as const;
/** A session that is locked in the period may have begun before it. */
const longestSessionMilliseconds = 86_400_000;

async function build({ period: { since, until } }: ReportAsks, sources: ReportSources): Promise<ReportContent> {
  const told = await listedEvents(sources, { since, until }, ofLocks);
  const signIns = await listedEvents(sources, { since: since - longestSessionMilliseconds, until }, ['sign-in']);
  const places = placesOf([...signIns.requests, ...told.requests], sources);
  const rows = lockEvidence(told.requests, places);
  const posts = await listedEvents(sources, { since, until }, ofPosts);
  const count = (event: string): number => posts.requests.filter((one) => one.event === event).length;
  const sum = (of: (row: (typeof rows)[number]) => number): number => rows.reduce((total, row) => total + of(row), 0);
  const expired = posts.requests.filter(({ event }) => event === 'post-expired');
  return {
    about: [],
    figures: [
      { key: 'locks', title: 'Locks', type: 'number', value: sum(({ locks }) => locks), note: null },
      { key: 'unlocked', title: 'Unlocked', type: 'number', value: sum(({ unlocked }) => unlocked), note: null },
      { key: 'held', title: 'Forms kept over a lock or an end', type: 'number', value: count('post-held'), note: null },
      { key: 'sent', title: 'Of those sent afterwards', type: 'number', value: count('post-sent'), note: null },
      { key: 'discarded', title: 'Discarded by their person, or with their leaving', type: 'number', value: count('post-discarded'), note: null },
      { key: 'lost', title: 'Lost work: kept, and never sent or discarded in time', type: 'number', value: expired.length, note: null },
      { key: 'drafts', title: 'Drafts kept for who made room', type: 'number', value: count('draft-held'), note: null },
    ], // prettier-ignore
    sections: [
      configuredSection(sources),
      observedSection(rows, told.total === null ? null : rows.length),
      lostSection(expired, posts.requests, posts.total),
    ],
    limits: [
      'Limits and zones are those of the configuration when the report was made; a person in several places has the strictest.',
      'A session that nobody asks for any more is noticed late; its lock is in force from its limit on, and until then nothing passed.',
      'Whether a browser still showed a page under the lock is not seen here.',
    ],
    blanks: [],
  };
}

/** The zone and device of a session, in words; the zone by the address it was seen at. */
function placesOf(
  requests: readonly FoundRequest[],
  { setup }: ReportSources,
): (one: Pick<FoundRequest, 'session' | 'address' | 'device'>) => string {
  const seenAt = new Map(
    requests.flatMap(({ session, address }) => (session === null || address === null ? [] : [[session, address]])),
  );
  return ({ session, address, device }) => {
    const at = address ?? seenAt.get(session ?? '');
    const zones = at === undefined ? 'an unknown place' : setup.zonesOf(at).join(', ') || 'no zone';
    return `${zones}; ${device === null ? 'no known device' : `device "${device}"`}`;
  };
}

function configuredSection({ setup: { lock } }: ReportSources): Section {
  const { everywhere, zones, roles, devices } = lock;
  const row = (place: string, { idleSeconds, endAfterLockSeconds, absoluteSeconds }: { readonly [Key in keyof typeof everywhere]: number | null }): Row => ({
    place,
    idle: milliseconds(idleSeconds),
    ends: milliseconds(endAfterLockSeconds),
    longest: milliseconds(absoluteSeconds),
  }); // prettier-ignore
  const rows = [
    row('everywhere', everywhere),
    ...[...zones].map(([name, one]) => row(`zone "${name}"`, one)),
    ...[...roles].map(([name, one]) => row(`role "${name}"`, one)),
    ...[...devices].map(([name, one]) => row(`device of kind "${name}"`, one)),
  ];
  return {
    key: 'configured',
    title: 'As configured',
    notes: ['Where a place says nothing, what holds everywhere holds.'],
    columns: [
      column('place', 'Where'),
      column('idle', 'Locks after', 'duration'),
      column('ends', 'Ends after the lock', 'duration'),
      column('longest', 'Longest session', 'duration'),
    ],
    rows,
    total: rows.length,
  };
}

function milliseconds(seconds: number | null): number | null {
  return seconds === null ? null : seconds * 1000;
}

function observedSection(rows: Section['rows'], total: number | null): Section {
  return {
    key: 'observed',
    title: 'As observed',
    notes: ['Idle is the time from the last sign of a person until the lock was in force.'],
    columns: [
      column('place', 'Where'),
      column('locks', 'Locks', 'number'),
      column('idleP50', 'Idle, half of them', 'duration'),
      column('idleP99', 'Idle, 99 of 100', 'duration'),
      column('idleLongest', 'Idle, longest', 'duration'),
      column('unlocked', 'Unlocked', 'number'),
      column('unlockFailed', 'Failed unlocks', 'number'),
      column('endedIdle', 'Ended behind a lock', 'number'),
      column('endedLongest', 'Ended at their longest', 'number'),
    ],
    rows,
    total,
  };
}

/** The name comes from the record of the keeping; that of the end has only the number of its person. */
function lostSection(expired: readonly FoundRequest[], posts: readonly FoundRequest[], total: number | null): Section {
  const names = new Map(
    posts.flatMap(({ subject, person }) => (subject === null || person === null || person === '' ? [] : [[subject.sub, person]])),
  );
  const rows = expired.map(({ sequence, time, subject, person, application, detail }) => ({
    record: sequence,
    time,
    person: names.get(subject?.sub ?? '') ?? (person === '' ? (subject?.sub ?? null) : person),
    application,
    form: detail,
  }));
  return {
    key: 'lost',
    title: 'Lost work',
    notes: [],
    columns: [
      column('record', 'Record', 'record'),
      column('time', 'Given up', 'time'),
      column('person', 'Person', 'person'),
      column('application', 'Application'),
      column('form', 'Kept form', 'code'),
    ],
    rows,
    total: total === null ? null : rows.length,
  };
}
