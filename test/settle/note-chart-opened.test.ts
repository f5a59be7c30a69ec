// One opening of a chart is one record of its own, however many requests the browser made of it; and none where nobody got
// to see it.

import { describe, expect, test } from 'vitest';
import { ChartOpenings } from '../../src/adapters/chart-openings.ts';
import type { Answer } from '../../src/core/answer.ts';
import type { Gathered, Outcome } from '../../src/facts.ts';
import { noteChartOpened } from '../../src/settle/note-chart-opened.ts';
import { applicationOf, exchangeOf, replyOf } from '../support/edge-facts.ts';
import { FakeAuditLog } from '../support/fake-ports.ts';
import { sessionOf } from '../support/session-of.ts';
import { fakeToken } from '../support/fake-patients.ts';

const minute = 60_000;

function desk() {
  const audit = new FakeAuditLog();
  const charts = new ChartOpenings();
  const lost: unknown[] = [];
  const step = noteChartOpened({
    audit,
    hashTarget: () => 'hash',
    recordedToken: fakeToken,
    opensChart: (subject, application, patient, now) => charts.opens(subject, application, patient, now),
    chartOrder: (session, application, patient) => charts.order(session, application, patient),
    onLost: (cause) => lost.push(cause),
  });
  /** One request that is over. */
  const ask = (facts: Partial<Gathered> & { readonly status?: number; readonly answer?: Answer } = {}): void => {
    const { status = 200, answer = null, ...more } = facts;
    const gathered = {
      exchange: exchangeOf(),
      session: sessionOf('a'),
      application: applicationOf(),
      receipt: { sequence: 1, durable: Promise.resolve() },
      reply: replyOf([], status),
      patient: '7',
      patientToken: token(more.patient === undefined ? '7' : (more.patient ?? more.selects ?? null)),
      selects: null,
      arrivedAt: 0,
      id: 'r-1',
      ...more,
    };
    void step(gathered, { answer } as Outcome);
  };
  return { audit, lost, ask, opened: () => audit.entries.map(({ event, patient, time }) => [event, idOf(patient), time]) };
}

const token = (id: string | null): string | null => (id === null ? null : fakeToken(id));
const idOf = (recorded: string | null) => ['7', '8', '9'].find((id) => fakeToken(id) === recorded);

test('ten requests of one opening are one record, which names who and whose', () => {
  const { ask, audit, opened } = desk();
  for (let at = 0; at < 10; at += 1) ask({ arrivedAt: at * 100 });
  expect(opened()).toEqual([['chart-opened', '7', 0]]);
  expect(audit.entries).toMatchObject([{ subject: { sub: 'ada' }, session: 'ref-a', request: 'r-1', application: 'ehr' }]);
});

test.each<readonly [quiet: number, records: number]>([
  [15 * minute, 1],
  [15 * minute + 1, 2],
])('after %i ms in which nothing was asked of it: %i records', (quiet, records) => {
  const { ask, opened } = desk();
  ask();
  ask({ arrivedAt: 10 * minute });
  ask({ arrivedAt: 10 * minute + quiet });
  expect(opened().length).toBe(records);
});

test('a request that arrived earlier and ended later opens nothing anew', () => {
  const { ask, opened } = desk();
  ask({ arrivedAt: 20 * minute });
  ask({ arrivedAt: 0 });
  expect(opened().length).toBe(1);
});

test('another person, another patient, another application and another session of the person', () => {
  const { ask, opened } = desk();
  ask();
  ask({ session: sessionOf('b') });
  expect(opened().length).toBe(1);
  ask({ session: sessionOf('c', { subject: { ...sessionOf('c').subject, sub: 'grace' } }) });
  ask({ patient: '8' });
  ask({ application: applicationOf({ name: 'pacs' }) });
  expect(opened().length).toBe(4);
});

test('a patient who was selected counts like one who was shown', () => {
  const { ask, opened } = desk();
  ask({ patient: null, selects: '9' });
  ask({ patient: '9' });
  expect(opened()).toEqual([['chart-opened', '9', 0]]);
});

describe('no record', () => {
  const refused: Answer = { kind: 'refusal', reason: 'export-not-permitted' };
  test.each<readonly [name: string, facts: Parameters<ReturnType<typeof desk>['ask']>[0]]>([
    ['of what the EHR refused', { status: 403 }],
    ['of what is not there', { status: 404 }],
    ['of what broke the EHR', { status: 500 }],
    ['of what we refused before it', { reply: undefined, answer: refused }],
    ['of a reply that we refused', { answer: refused }],
    [
      'of a reply that only told that the EHR has ended its session',
      { answer: { kind: 'plain', status: 303, headers: {}, body: '' } },
    ],
    ['of a reply that a fault of ours held back', { answer: { kind: 'fault', code: 'audit-unavailable' } }],
    ['of what concerns nobody', { patient: null }],
    ['of what has no attempt on record', { receipt: undefined }],
    ['of what nobody was signed in for', { session: null }],
  ] as never)('%s, and the chart does not count as open', (_name, facts) => {
    const { ask, opened } = desk();
    ask(facts);
    expect(opened()).toEqual([]);
    ask({ arrivedAt: 1 });
    expect(opened()).toEqual([['chart-opened', '7', 1]]);
  });
});

test('an opening says which way its number lies from that of the one before, and no number', () => {
  const { ask, audit } = desk();
  for (const patient of ['7', '8', '9', '8']) ask({ patient, arrivedAt: 20 * minute * audit.entries.length });
  const up = 'Next to the chart opened before, upwards';
  expect(audit.entries.map(({ detail }) => detail)).toEqual([null, up, up, 'Next to the chart opened before, downwards']);
  ask({ patient: '9', arrivedAt: 200 * minute, session: sessionOf('b') });
  expect(audit.entries.at(-1)?.detail).toBeNull();
});

test('a record that cannot be written is told', async () => {
  const { audit, lost, ask } = desk();
  audit.failAppend = true;
  ask();
  await Promise.resolve();
  expect(lost).toMatchObject([{ code: 'audit-unavailable' }]);
});

test('only so many charts are remembered: what was quiet longest is noted once more', () => {
  const charts = new ChartOpenings();
  const { subject } = sessionOf('a');
  for (let patient = 0; patient < 50_000; patient += 1) charts.opens(subject, 'ehr', String(patient), 0);
  expect(charts.opens(subject, 'ehr', '0', 1)).toBe(false);
  expect(charts.opens(subject, 'ehr', 'one more', 1)).toBe(true);
  expect([charts.opens(subject, 'ehr', '0', 2), charts.opens(subject, 'ehr', '1', 2)]).toEqual([false, true]);
});
