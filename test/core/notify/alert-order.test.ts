// What one receiver is told of a day's alerts, and that it is the same when the order is made anew in the middle of it.

import { expect, it } from 'vitest';
import { auditEntry } from '../../../src/core/audit/entry.ts';
import type { AuditEntry, AuditEvent } from '../../../src/core/audit/entry.ts';
import { readRecord } from '../../../src/core/audit/read-record.ts';
import type { ReadRecord } from '../../../src/core/audit/read-record.ts';
import { AlertOrder } from '../../../src/core/notify/alert-order.ts';
import { nextLine } from '../../support/chained-log.ts';

const noon = Date.UTC(2026, 10, 30, 12);
const dayMilliseconds = 86_400_000;
const localOf = (time: number) => {
  const at = new Date(time);
  const day = at.toISOString().slice(0, 10);
  return { weekday: at.getUTCDay(), minute: at.getUTCHours() * 60 + at.getUTCMinutes(), day, open: true };
};
const words = { clinic: 'Northside', gateway: 'https://ehr.example', number: 1, localOf };
const subjectOf = (sub: string) => ({ issuer: 'https://idp', sub, name: sub });

type Line = readonly [event: AuditEvent, time: number, fields: Partial<AuditEntry>];

function alert(sub: string | null, reason: string, patient: string | null = null, time = noon): Line {
  const subject = sub === null ? null : subjectOf(sub);
  return ['alert', time, { subject, reason, patient, detail: `Why ${reason}; seen at record 3` }];
}

const heartbeat = (time: number): Line => ['heartbeat', time, {}];

function recordsOf(lines: readonly Line[]): ReadRecord[] {
  const written: string[] = [];
  for (const [event, time, fields] of lines) written.push(nextLine(written, auditEntry(event, time, fields)));
  return written.map((line) => readRecord(line) ?? expect.fail());
}

/** Titles by record. */
function toldOf(lines: readonly Line[], budget = 5, detectors: readonly string[] | null = null, already = 0) {
  const order = new AlertOrder({ detectors, budget }, words, already);
  return recordsOf(lines).map((record) => order.take(record));
}

const titles = (told: ReturnType<typeof toldOf>) => told.map((one) => one?.messages.map(({ title }) => title));

it('tells an alert in words, with where it stands, and nothing of the patient', () => {
  const [told] = toldOf([alert('jane', 'many-patients', 'token-of-7')]);
  expect(told?.messages).toEqual([
    {
      id: expect.stringMatching(/^alert-1-[0-9a-f]{16}$/),
      kind: 'alert',
      time: '2026-11-30T12:00:00.000Z',
      clock: '2026-11-30 12:00',
      clinic: 'Northside',
      title: 'Many patients: jane',
      person: 'jane',
      detector: 'many-patients',
      lines: ['Why many-patients'],
      link: 'https://ehr.example/.wardgate/console?show=alerts&days=all&before=2',
    },
  ]);
  expect(JSON.stringify(told)).not.toContain('token-of-7');
});

it('tells of one person and patient once a day, whichever detector speaks up', () => {
  const lines = [
    alert('jane', 'many-patients'),
    alert('jane', 'after-hours'),
    alert('jane', 'patient-surge', 'a'),
    alert('joe', 'after-hours'),
    heartbeat(noon + dayMilliseconds),
    alert('jane', 'after-hours', null, noon + dayMilliseconds),
  ];
  expect(titles(toldOf(lines))).toEqual([
    ['Many patients: jane'],
    [],
    ['Patient surge: jane'],
    ['After hours: joe'],
    ['1 more alert of 2026-11-30'],
    ['After hours: jane'],
  ]);
});

it('tells what is of nobody in particular by each detector', () => {
  const spray = alert(null, 'sign-in-spray');
  const surge = alert(null, 'patient-surge', 'a');
  const lines = [spray, alert(null, 'record-in-doubt'), spray, surge, surge];
  expect(titles(toldOf(lines))).toEqual([['Sign in spray'], ['Record in doubt'], [], ['Patient surge'], []]);
});

it('sums up what is over the budget when the day is over, with what it was', () => {
  const lines = [
    alert('a', 'after-hours'),
    alert('b', 'after-hours'),
    alert('c', 'after-hours'),
    alert('c', 'after-hours'),
    alert(null, 'sign-in-spray'),
    alert('d', 'new-network', null, noon + dayMilliseconds),
  ];
  const told = toldOf(lines, 2);
  expect(titles(told)).toEqual([
    ['After hours: a'],
    ['After hours: b'],
    [],
    [],
    [],
    ['3 more alerts of 2026-11-30', 'New network: d'],
  ]);
  expect(told[0]?.messages[0]?.lines).toHaveLength(1);
  expect(told[1]?.messages[0]?.lines[1]).toMatch(/^This was the last alert of the day that is told by itself/);
  expect(told[5]?.messages[0]).toMatchObject({
    kind: 'summary',
    person: null,
    lines: ['After hours: c (2 times)', 'Sign in spray'],
    link: 'https://ehr.example/.wardgate/console?show=alerts&days=all&before=6',
  });
});

it('leaves one that is frequent here for the summary, whatever follows it', () => {
  const detail = 'Why; one of 7 such alerts within four weeks; to follow: ask; seen at record 3';
  const [event, time, fields] = alert('a', 'colleague', 'p');
  const lines: Line[] = [[event, time, { ...fields, detail }], alert('a', 'own-chart', 'p'), heartbeat(noon + dayMilliseconds)];
  expect(titles(toldOf(lines))).toEqual([[], ['Own chart: a'], ['1 more alert of 2026-11-30']]);
});

it('names twenty kinds at most, and how many there are in all', () => {
  const many = Array.from({ length: 25 }, (_none, at) => alert(`p${at}`, 'after-hours'));
  const [summary] = toldOf([...many, heartbeat(noon + dayMilliseconds)], 1).at(-1)?.messages ?? [];
  expect(summary?.title).toBe('24 more alerts of 2026-11-30');
  expect(summary?.lines).toHaveLength(21);
  expect(summary?.lines.at(-1)).toBe('and others; all 24 stand in the console');
  const more = Array.from({ length: 1003 }, (_none, at) => alert(`p${at}`, 'after-hours'));
  const last = toldOf([...more, heartbeat(noon + dayMilliseconds)], 1).at(-1)?.messages[0];
  expect(last?.title).toBe('1002 more alerts of 2026-11-30');
});

it('tells only of the detectors that are asked for', () => {
  const lines = [alert('a', 'after-hours'), alert('b', 'two-places'), heartbeat(noon + dayMilliseconds)];
  expect(titles(toldOf(lines, 5, ['two-places']))).toEqual([[], ['Two places: b'], []]);
});

it('goes on from every record as if it had not been stopped', () => {
  const lines = [
    heartbeat(noon),
    alert('a', 'after-hours'),
    alert('b', 'after-hours'),
    alert('a', 'two-places'),
    heartbeat(noon + 60_000),
    alert('c', 'two-places'),
    heartbeat(noon + dayMilliseconds),
    alert('a', 'after-hours', null, noon + dayMilliseconds),
    heartbeat(noon + 2 * dayMilliseconds),
  ];
  const whole = toldOf(lines, 2);
  const records = recordsOf(lines);
  for (const [at, told] of whole.entries()) {
    const order = new AlertOrder({ detectors: null, budget: 2 }, words, at + 1);
    const again = records.slice((told?.from ?? 0) - 1).map((record) => order.take(record));
    expect(again.filter((one) => one !== null)).toEqual(whole.slice(at + 1));
  }
});

it('passes over a record without a time that can be read', () => {
  const [record = expect.fail()] = recordsOf([alert('a', 'after-hours')]);
  const order = new AlertOrder({ detectors: null, budget: 2 }, words, 0);
  expect(order.take({ ...record, fields: { ...record.fields, time: 5 } })).toMatchObject({ time: null, messages: [] });
});

it('says something where the record does not', () => {
  const bare: Line = ['alert', noon, { subject: subjectOf('a') }];
  const [told, ...rest] = toldOf([bare, bare, heartbeat(noon + dayMilliseconds)], 1);
  expect(told?.messages[0]?.title).toBe(': a');
  expect(titles(rest)).toEqual([[], ['1 more alert of 2026-11-30']]);
  expect(titles(toldOf([bare], 1, ['after-hours']))).toEqual([[]]);
});

it('tells a review that is late as an alert of nobody, each by itself, to whoever is told every alert', () => {
  const late = (id: string): Line => ['review-overdue', noon, { detail: `Review ${id} is overdue: it was due at 2026-11-20` }];
  const lines = [late('monthly-2026-10'), late('triage-2026-11-09'), late('monthly-2026-10')];
  const told = toldOf(lines);
  expect(told.map((one) => one?.messages.length)).toEqual([1, 1, 0]);
  expect(told[0]?.messages[0]).toMatchObject({
    kind: 'alert',
    title: 'Review overdue',
    person: null,
    detector: 'review-overdue',
    lines: ['Review monthly-2026-10 is overdue: it was due at 2026-11-20'],
    link: 'https://ehr.example/.wardgate/console/review/certified',
  });
  expect(titles(toldOf(lines, 5, ['many-patients']))).toEqual([[], [], []]);
});

it('leads to the alert by its number among those of several gateways', () => {
  const [record = expect.fail()] = recordsOf([alert('a', 'after-hours')]);
  const order = new AlertOrder({ detectors: null, budget: 2 }, { ...words, number: 2 }, 0);
  expect(order.take(record)?.messages[0]?.link).toMatch(/&before=1000000000002$/);
});
