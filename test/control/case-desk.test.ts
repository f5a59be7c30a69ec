// The desk of cases over a real store, and a log and a search of the test's own: what its person may do, what nobody else may, and
// what becomes of a step between which and its record the gateway died.

import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { SqliteCaseStore } from '../../src/adapters/case-store-sqlite.ts';
import { createMasterKey, FileSealer } from '../../src/adapters/sealer-file.ts';
import { openStateDb } from '../../src/adapters/state-db.ts';
import { CaseDesk } from '../../src/control/case-desk.ts';
import { clinicTime } from '../../src/adapters/clinic-time.ts';
import { withinBusinessDay } from '../../src/core/review/business-day.ts';
import { takeUp } from '../../src/control/take-up.ts';
import { mostCaseAlerts } from '../../src/core/cases/case.ts';
import { auditEntry } from '../../src/core/audit/entry.ts';
import type { AuditEntry } from '../../src/core/audit/entry.ts';
import { Fault } from '../../src/core/faults.ts';
import type { Reviewer } from '../../src/recertification-ports.ts';
import type { FoundPage, FoundRequest, RecordQuery } from '../../src/search-ports.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const issuer = 'https://op.example';
/** Until when a question may be put off. */
const dueIn = 10_000;

function at(name: string): Reviewer {
  return {
    person: { issuer, sub: name, name },
    roles: ['privacy'],
    session: 's',
    factor: { method: 'totp', at: 0 },
    request: 'r',
    address: '127.0.0.1',
    agent: null,
    application: 'ehr',
  };
}

const rita = at('rita');
const jane = at('jane');

async function desk(questionDue = (askedAt: number): number => askedAt + dueIn) {
  const directory = temporaryDirectory();
  createMasterKey(join(directory, 'master.key'));
  const db = await openStateDb(directory);
  onTestFinished(async () => db.close());
  const store = new SqliteCaseStore(db, new FileSealer(join(directory, 'master.key')));
  const log: AuditEntry[] = [];
  const world = { durable: true, indexed: Infinity, changes: [] as { time: string; author: { person: string } }[], now: 1000 };
  const search = async (query: RecordQuery, most: number): Promise<FoundPage> => {
    const all = log.map((entry, index) => ({
      ...entry,
      sequence: index + 1,
      person: entry.subject?.name ?? null,
      outcome: null,
    }));
    const fits = all
      .filter((one) => query.event === undefined || one.event === query.event)
      .filter(
        ({ sequence, time }) =>
          sequence < (query.before ?? Infinity) && sequence === (query.record ?? sequence) && time >= (query.since ?? 0),
      )
      .reverse();
    const requests = fits.slice(0, most) as unknown as FoundRequest[];
    return { requests, next: null, indexed: Math.min(world.indexed, log.length) };
  };
  let ids = 0;
  const heard: string[] = [];
  const make = () =>
    new CaseDesk({
      audit: {
        append: async (entry) => {
          log.push(entry);
          const durable = world.durable ? Promise.resolve() : Promise.reject(new Error('The disk is full'));
          return { sequence: log.length, durable };
        },
      },
      clock: { now: () => (world.now += 1) },
      store,
      search: { search },
      changes: { changes: () => ({ changes: world.changes as never, unreadable: 0 }) },
      deputy: 'dora',
      isReviewer: async ({ sub }) => sub === 'rex',
      newId: () => `id${(ids += 1)}`,
      lastRecord: () => log.length,
      questionDue,
      onStep: (one) => heard.push(one.id),
    });
  const alert = (name: string | null, patient: string | null = null): number => {
    const subject = name === null ? null : at(name).person;
    return log.push(auditEntry('alert', world.now, { subject, patient, reason: 'many-patients', detail: 'Many' }));
  };
  return { store, log, world, make, alert, heard, cases: make() };
}

async function opened(name = 'jane') {
  const all = await desk();
  const result = await all.cases.open(rita, [all.alert(name)]);
  if ('refused' in result) throw new Error(result.refused);
  return { ...all, id: result.opened };
}

const finding = { kind: 'finding', text: 'John Doe was seen', disposition: null } as const;

test('a question is its person’s to answer, and nobody else’s', async () => {
  const { cases, id, log } = await opened();
  expect(await cases.takeAnswer(jane, id, 'x')).toBe('no-question');
  expect(await cases.putQuestion('gateway', id, 'Why?')).toBeNull();
  expect((await cases.questionsTo(jane.person)).map((one) => one.id)).toEqual([id]);
  expect(await cases.questionsTo(rita.person)).toEqual([]);
  expect(await cases.seen(jane, id)).toBeNull();
  expect(await cases.postpone(jane, id)).toBeNull();
  expect(await cases.takeAnswer(rita, id, 'It was fine')).toBe('not-its-person');
  expect(await cases.takeAnswer(jane, id, 'I was asked')).toBeNull();
  expect(await cases.reply(jane, id, 'By the ward')).toBeNull();
  expect(await cases.reply(rita, id, 'As if I were her')).toBe('not-its-person');
  expect(await cases.questionsTo(jane.person)).toEqual([]);
  const steps = log
    .filter(({ event }) => event === 'case-step')
    .map(({ reason, decision, subject }) => [reason, decision, subject?.name]);
  expect(steps).toContainEqual(['answer', 'refused', 'rita']);
  expect(steps).toContainEqual(['question', 'allowed', undefined]);
  expect(JSON.stringify(log)).not.toMatch(/I was asked|By the ward|Why\?/);
});

test('alerts of one person, each in one case', async () => {
  const { cases, id, alert, log } = await opened();
  expect(await cases.open(rita, [1])).toEqual({ refused: 'has-case' });
  expect(await cases.open(rita, [])).toEqual({ refused: 'no-alerts' });
  expect(await cases.open(rita, [2])).toEqual({ refused: 'no-alerts' });
  expect(await cases.open(rita, [alert('jane'), alert('bob')])).toEqual({ refused: 'several-people' });
  expect(await cases.open(rita, [alert('rita')])).toEqual({ refused: 'yourself' });
  expect(await cases.addAlerts('gateway', id, [alert('jane', '~p')])).toBeNull();
  expect(await cases.addAlerts(rita, id, [alert('bob')])).toBe('several-people');
  expect(await cases.addAlerts(rita, 'nowhere', [alert('bob')])).toBe('no-case');
  expect(await cases.addAlerts(jane, id, [alert('jane')])).toBe('yourself');
  expect((await cases.find(id))?.alerts.length).toBe(2);
  const nobody = await cases.open('gateway', [alert(null, '~p')]);
  expect('opened' in nobody && (await cases.find(nobody.opened))).toMatchObject({ person: null, patient: '~p' });
  expect(log.filter(({ decision }) => decision === 'refused').length).toBe(8);
});

test('who changed the rules does not dispose, and what is handed out is closed', async () => {
  const { cases, id, world, log } = await opened();
  const disposition = { kind: 'disposition', text: 'Part of the work', disposition: 'justified' } as const;
  expect(await cases.take(rita, id, finding)).toBeNull();
  world.changes = [{ time: new Date(0).toISOString(), author: { person: 'Rita' } }];
  expect(await cases.take(rita, id, disposition)).toBe('edits-rules');
  world.changes = [];
  expect(await cases.take(rita, id, { ...disposition, disposition: null })).toBe('no-disposition-chosen');
  expect(await cases.take(rita, id, disposition)).toBeNull();
  expect(await cases.handOut(rita, id)).toEqual({ refused: 'not-closed' });
  expect(await cases.take(rita, id, { kind: 'closed', text: 'Done', disposition: null })).toBeNull();
  expect(await cases.handOut(jane, id)).toEqual({ refused: 'yourself' });
  expect(await cases.handOut(rita, 'nowhere')).toEqual({ refused: 'no-case' });
  expect(await cases.take(rita, 'nowhere', finding)).toBe('no-case');
  const handed = await cases.handOut(rita, id);
  expect('record' in handed && handed.record).toBe(log.length);
  expect(log.at(-1)?.reason).toBe('exported');
});

test('a step whose record did not become durable does not count before the record shows it', async () => {
  const { cases, id, world, store } = await opened();
  world.durable = false;
  await expect(cases.take(rita, id, finding)).rejects.toBeInstanceOf(Fault);
  expect((await store.find(id))?.steps.length).toBe(1);
  world.durable = true;
  // The log holds it after all: it is found, and counts, before the next one.
  expect(await cases.take(rita, id, { ...finding, text: 'More' })).toBeNull();
  expect((await store.find(id))?.steps.map((step) => ('text' in step ? step.text : step.kind))).toEqual([
    'opened',
    'John Doe was seen',
    'More',
  ]);
});

test('after a crash, what is on record counts and what is not is gone; nothing is decided before the record is read', async () => {
  const { id, make, world, store, log } = await opened();
  const step = (text: string) => ({ kind: 'finding', at: world.now, by: rita.person, text }) as const;
  await store.prepare({ id: 'on-record', of: id, step: step('Kept'), alerts: [], opens: null });
  log.push(
    auditEntry('case-step', world.now, { reason: 'finding', detail: `case ${id}, step on-record: finding, about "jane"` }),
  );
  await store.prepare({ id: 'lost', of: id, step: step('Never on record'), alerts: [], opens: null });
  const again = make();
  world.indexed = 1;
  await expect(again.take(rita, id, { ...finding, text: 'Next' })).rejects.toBeInstanceOf(Fault);
  world.indexed = Infinity;
  expect(await again.take(rita, id, { ...finding, text: 'Next' })).toBeNull();
  expect((await store.find(id))?.steps.flatMap((one) => ('text' in one ? one.text : []))).toEqual(['Kept', 'Next']);
  expect(await store.pending()).toEqual([]);
});

test('a case about a reviewer is disposed of by the deputy alone, unless that one changed the rules', async () => {
  const { cases, id, world } = await opened('rex');
  const dora = at('dora');
  const disposes = (by: Reviewer) => cases.take(by, id, { kind: 'disposition', text: 'Seen', disposition: 'justified' });
  expect(await cases.take(rita, id, finding)).toBeNull();
  expect(await disposes(rita)).toBe('deputys');
  expect(await disposes(dora)).toBeNull();
  world.changes = [{ time: new Date(world.now).toISOString(), author: { person: 'Dora D. (dora)' } }];
  expect(await disposes(dora)).toBe('edits-rules');
  expect(await disposes(rita)).toBeNull();
});

/** An opening of a chart, and the item of a review that it was drawn for. */
function drawn(all: Awaited<ReturnType<typeof desk>>, name: string, patient: string, item: number) {
  const { person } = at(name);
  const record = all.log.push(auditEntry('chart-opened', all.world.now, { subject: person, patient }));
  return { record, person, patient, origin: { review: 'monthly-2026-11', item }, words: 'chart: GET /chart' };
}

test('what a review brought up opens a case that says so, and is asked of the same case again', async () => {
  const all = await desk();
  const { cases, log } = all;
  const found = drawn(all, 'jane', '~p', 3);
  const taken = await takeUp(cases, rita, found);
  const id = 'of' in taken ? taken.of : '';
  expect(await takeUp(cases, rita, found)).toEqual({ of: id });
  const one = await cases.find(id);
  expect(one).toMatchObject({ person: { name: 'jane' }, patient: '~p' });
  expect(one?.alerts).toMatchObject([{ sequence: found.record, detector: null, words: 'chart: GET /chart' }]);
  expect(one?.steps).toMatchObject([{ kind: 'opened', by: { name: 'rita' }, origin: { review: 'monthly-2026-11', item: 3 } }]);
  expect(log.at(-1)).toMatchObject({ event: 'case-step', reason: 'opened', decision: 'allowed', patient: '~p' });
  expect(log.at(-1)?.detail).toContain(`with record ${found.record} of review monthly-2026-11 item 3, about "jane"`);
});

test('what a review brought up goes to the open case of its person, about the same patient first, and to none that is full', async () => {
  const all = await desk();
  const { cases, alert } = all;
  const open = async (...alerts: number[]) => {
    const done = await cases.open('gateway', alerts);
    return 'opened' in done ? done.opened : '';
  };
  const [same, other] = [await open(alert('jane', '~p')), await open(alert('jane', '~q'))];
  expect(await takeUp(cases, rita, drawn(all, 'jane', '~p', 1))).toEqual({ of: same });
  expect(await takeUp(cases, rita, drawn(all, 'jane', '~r', 2))).toEqual({ of: other });
  expect((await cases.find(other))?.steps.at(-1)).toMatchObject({ kind: 'alert-added', origin: { item: 2 } });
  const full = await open(...Array.from({ length: mostCaseAlerts }, () => alert('bob')));
  expect(await takeUp(cases, rita, drawn(all, 'bob', '~p', 3))).not.toEqual({ of: full });
  // A surge of people on a patient is nobody's in particular, and each a case of its own.
  const surge = { record: alert(null, '~p'), person: null, patient: '~p', origin: { review: 'triage-x', item: 1 }, words: 'x' };
  const taken = await takeUp(cases, rita, surge);
  expect((await cases.find('of' in taken ? taken.of : ''))?.alerts).toMatchObject([{ detector: 'many-patients', words: 'Many' }]);
});

test('a case that a review opened is nobody’s own, the deputy’s where it is about a reviewer, and no rule editor’s', async () => {
  const all = await desk();
  const { cases, world } = all;
  expect(await takeUp(cases, rita, drawn(all, 'rita', '~p', 1))).toEqual({ refused: 'yourself' });
  expect(await takeUp(cases, rita, { ...drawn(all, 'jane', '~p', 1), record: 999 })).toEqual({ refused: 'no-alerts' });
  const taken = await takeUp(cases, rita, drawn(all, 'rex', '~p', 2));
  const id = 'of' in taken ? taken.of : '';
  const disposes = (by: Reviewer) => cases.take(by, id, { kind: 'disposition', text: 'Seen', disposition: 'justified' });
  expect(await takeUp(cases, at('rex'), drawn(all, 'rex', '~q', 3))).toEqual({ refused: 'yourself' });
  expect(await cases.take(at('rex'), id, finding)).toBe('yourself');
  expect(await cases.take(rita, id, finding)).toBeNull();
  expect(await disposes(rita)).toBe('deputys');
  world.changes = [{ time: new Date(world.now).toISOString(), author: { person: 'rita' } }];
  expect(await disposes(rita)).toBe('edits-rules');
  expect(await disposes(at('dora'))).toBeNull();
});

const chicago = clinicTime('America/Chicago');
const weekdays = [{ days: [1, 2, 3, 4, 5], fromMinute: 7 * 60, toMinute: 17 * 60 }];
const monday = Date.parse('2026-11-30T23:00:00Z');
test.each([
  ['a millisecond before the end of the next working day', monday - 1, null],
  ['at its end', monday, 'postponed-enough'],
  ['the day after', monday + 86_400_000, 'postponed-enough'],
])('a question of Friday is put off %s: %s', async (_, when, refused) => {
  const { cases, world, alert } = await desk((askedAt) =>
    withinBusinessDay(askedAt, { hours: weekdays, holidays: [], ...chicago }),
  );
  world.now = Date.parse('2026-11-27T15:00:00Z');
  const done = await cases.open(rita, [alert('jane')]);
  const id = 'opened' in done ? done.opened : '';
  expect(await cases.putQuestion(rita, id, 'Why?')).toBeNull();
  // The clock goes on by one at each look.
  world.now = when - 1;
  expect(await cases.postpone(jane, id)).toBe(refused);
  // It is shown as overdue, and can still be answered.
  expect(await cases.takeAnswer(jane, id, 'It was asked of me')).toBeNull();
});
