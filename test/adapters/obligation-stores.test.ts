// What a clinic owes somebody, on each engine: that who left stays out, that an end is completed, that texts are read, disclosures
// told, reviews and recertifications signed. It is all found again after a restart, and of two who do the same at once, one does it.

import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SqliteAcknowledgements } from '../../src/adapters/acknowledgements-sqlite.ts';
import { SqliteDisclosureBook } from '../../src/adapters/disclosure-book-sqlite.ts';
import { SqliteEndings } from '../../src/adapters/endings-sqlite.ts';
import { SqliteLeavers } from '../../src/adapters/leavers-sqlite.ts';
import { systemRandomness } from '../../src/adapters/randomness-system.ts';
import { SqliteRecertifications } from '../../src/adapters/recertification-sqlite.ts';
import { SqliteReviews } from '../../src/adapters/reviews-sqlite.ts';
import { createMasterKey, FileSealer } from '../../src/adapters/sealer-file.ts';
import type { StateDb } from '../../src/adapters/state-db.ts';
import { auditEntry } from '../../src/core/audit/entry.ts';
import type { CampaignFacts, RowFacts } from '../../src/core/recertification/campaign.ts';
import type { ReviewFacts, ReviewItemFacts } from '../../src/core/review/review.ts';
import { FakeLog } from '../support/fake-ports.ts';
import { onEachEngine, openStateDb } from '../support/state-engines.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const issuer = 'https://op.example';
const [ada, bob] = ['ada', 'bob'].map((name) => ({ issuer, sub: name, name })) as [Person, Person];
interface Person {
  readonly issuer: string;
  readonly sub: string;
  readonly name: string;
}

let directory: string;
let db: StateDb;
let sealer: FileSealer;
let log: FakeLog;

beforeEach(async () => {
  directory = temporaryDirectory();
  createMasterKey(join(directory, 'key'));
  sealer = new FileSealer(join(directory, 'key'));
  db = await openStateDb(directory);
  log = new FakeLog();
});
afterEach(() => db.close());

async function restart(): Promise<void> {
  await db.close();
  db = await openStateDb(directory);
}

async function doneOf(ask: () => Promise<boolean>): Promise<number> {
  return (await Promise.all(Array.from({ length: 5 }, ask))).filter(Boolean).length;
}

const book = () => new SqliteDisclosureBook({ db, sealer, log, randomness: systemRandomness });

const review = (id: string, over: Partial<ReviewFacts> = {}): ReviewFacts => ({
  id,
  kind: 'triage',
  period: id,
  since: 1,
  until: 20,
  preparedAt: 30,
  dueAt: 40,
  population: { records: 9, people: 2, patients: 1, chartsOpened: 1, isCut: false },
  gaps: [{ kind: 'silence', from: 2, until: 3 }],
  unwatchedMilliseconds: 4,
  sample: null,
  ...over,
});

const item = (number: number): ReviewItemFacts => ({
  number,
  record: number * 10,
  time: 5,
  person: number === 1 ? ada : null,
  roles: 'nurse',
  kind: 'chart',
  patient: '~token',
  words: 'Opened a chart',
});

const campaign = (id: string, startedAt: number): CampaignFacts => ({
  id,
  quarter: '2026-Q4',
  startedAt,
  since: 1,
  policy: 'hash',
  roles: [{ role: 'nurse', groups: ['Nurses'], rights: ['charts'] }],
  unknownPeople: 0,
});

const row = (number: number): RowFacts => ({
  row: number,
  person: ada,
  displayName: 'Ada',
  role: 'nurse',
  grantedAt: 1,
  seenAt: 2,
  use: { by: 'none', at: null, rule: null },
  unused: ['charts'],
});

onEachEngine(() => {
  test('who left is out by themselves and by their name in any case, until they are let in or the name is free', async () => {
    const leavers = new SqliteLeavers(db);
    const nobodyYet = { issuer, sub: '', name: 'newcomer' };
    await leavers.block(ada, 1);
    await leavers.block(ada, 2);
    await leavers.block(nobodyYet, 3);
    await restart();
    const later = new SqliteLeavers(db);
    const blocked = async (person: Person) => later.isBlocked(person);
    expect(await blocked({ ...ada, name: 'ada.married' })).toBe(true);
    expect(await blocked({ issuer, sub: 'second account', name: 'ADA' })).toBe(true);
    expect(await blocked({ issuer, sub: 'someone', name: 'Newcomer' })).toBe(true);
    expect([await blocked(bob), await blocked({ ...ada, issuer: 'https://other.example' })]).toEqual([false, false]);
    expect(await blocked({ issuer, sub: 'nameless', name: '' })).toBe(false);
    expect([await later.releaseName(issuer, 'Ada'), await later.releaseName(issuer, 'newcomer')]).toEqual([1, 0]);
    expect([await blocked(ada), await blocked({ issuer, sub: 'second account', name: 'ada' })]).toEqual([true, false]);
    expect([await later.readmit(ada), await later.readmit(ada), await later.readmit(nobodyYet)]).toEqual([1, 0, 1]);
    expect([await blocked(ada), await blocked({ ...nobodyYet, sub: 'x' })]).toEqual([false, false]);
  });

  test('an end that was begun shuts the door and stays open until it is done, with the notice that was given', async () => {
    const endings = new SqliteEndings(db);
    await endings.begin({ ...bob, noticedAt: null }, 20);
    await endings.begin({ ...ada, noticedAt: 5 }, 10);
    await endings.begin({ ...ada, noticedAt: null }, 30);
    await restart();
    const later = new SqliteEndings(db);
    expect(await new SqliteLeavers(db).isBlocked(ada)).toBe(true);
    expect(await later.open()).toEqual([
      { ...ada, noticedAt: 5 },
      { ...bob, noticedAt: null },
    ]);
    expect((await later.open(20)).map(({ name }) => name)).toEqual(['ada']);
    await later.begin({ ...ada, noticedAt: 7 }, 40);
    expect((await later.open(20)).map(({ noticedAt }) => noticedAt)).toEqual([7]);
    await later.done({ ...ada, noticedAt: null });
    expect((await later.open()).map(({ name }) => name)).toEqual(['bob']);
    expect(await new SqliteLeavers(db).isBlocked(ada)).toBe(true);
  });

  test('a text is put off and acknowledged in these very words, the newest first', async () => {
    const store = new SqliteAcknowledgements(db);
    const text = (version: string) => ({ id: 'privacy', version, hash: `hash of ${version}` });
    for (const at of [1, 2]) await store.putOff(ada, text('1'), at);
    await store.putOff(ada, text('2'), 3);
    await store.acknowledge(ada, text('1'), 4);
    await store.acknowledge(ada, text('1'), 4);
    await store.acknowledge(ada, text('1'), 5);
    await restart();
    const later = new SqliteAcknowledgements(db);
    expect(await later.said(ada)).toEqual({
      acknowledged: [5, 4].map((at) => ({ ...text('1'), at })),
      putOff: [
        { ...text('2'), times: 1, at: 3 },
        { ...text('1'), times: 2, at: 2 },
      ],
    });
    expect(await later.latest(bob)).toEqual({ acknowledged: [], putOff: [] });
  });

  test('the words of a disclosure open by what was committed to alone', async () => {
    const kept = {
      recipient: 'County Court',
      address: null,
      description: 'Letters of 2026',
      purpose: 'Subpoena "17"',
      basis: 'court',
      count: null,
      madeAt: 9,
    } as const;
    const [one, other] = [await book().keep(kept, ada), await book().keep(kept, ada)];
    await restart();
    expect(await book().open(one.id, one.commitment)).toEqual(kept);
    expect([await book().open(one.id, other.commitment), await book().open('unknown', one.commitment)]).toEqual([null, null]);
    await db.run('identity', [{ sql: 'UPDATE disclosures SET sealed = ? WHERE id = ?', params: ['v1.torn', one.id] }]);
    expect([await book().open(one.id, one.commitment), log.said.length]).toEqual([null, 1]);
  });

  test('a download that owes its answer is settled once, by its person; what cannot be opened stays owed', async () => {
    const entry = auditEntry('disclosure-owed', 5, { subject: ada, request: 'r-1', target: '/letters', rule: 'letters' });
    const owed = { id: 'o-1', at: 5, patient: '7', entry };
    await book().owe({ ...owed, id: 'o-2', at: 6, patient: null }, bob);
    await book().owe(owed, ada);
    await restart();
    expect(await book().owed(ada)).toEqual([owed]);
    expect((await book().owed()).map(({ id, patient }) => [id, patient])).toEqual([
      ['o-1', '7'],
      ['o-2', null],
    ]);
    await db.run('identity', [{ sql: 'UPDATE owed_disclosures SET sealed = ? WHERE id = ?', params: ['v1.torn', 'o-2'] }]);
    expect((await book().owed(bob)).map(({ id }) => id)).toEqual(['o-2']);
    expect(await book().settle('o-1', bob)).toBe(false);
    expect(await doneOf(async () => book().settle('o-1', ada))).toBe(1);
  });

  test('a disclosure is held back until its time or until it is lifted, once', async () => {
    const until = 100;
    const asked = { patient: '7', agency: 'FBI', because: 'inquiry', oral: true, from: 1, until, liftedAt: null };
    for (const id of ['s-1', 's-2']) await book().suspend(id, asked);
    await restart();
    expect(await book().suspensions()).toEqual(['s-1', 's-2'].map((id) => ({ id, ...asked })));
    expect([await book().lift('s-1', until), await book().lift('unknown', 5)]).toEqual([false, false]);
    expect(await doneOf(async () => book().lift('s-1', 50))).toBe(1);
    expect((await book().suspensions()).map(({ liftedAt }) => liftedAt)).toEqual([50, null]);
    await db.run('identity', [{ sql: 'UPDATE disclosure_suspensions SET sealed = ? WHERE id = ?', params: ['v1.torn', 's-2'] }]);
    await expect(book().suspensions()).rejects.toThrow();
  });

  test('reviews that are not over come first, the newest of the others then, page by page', async () => {
    const store = new SqliteReviews(db, sealer);
    await store.begin(review('old', { until: 10 }), []);
    await store.begin(review('signed', { until: 30 }), []);
    await store.begin(review('new', { until: 20, kind: 'monthly' }), []);
    // An emergency access is over as soon as each of its items is disposed of.
    await store.begin(review('emergency', { until: 5, kind: 'emergency' }), [item(1)]);
    await store.begin(review('seen', { until: 6, kind: 'emergency' }), [item(1)]);
    await store.dispose('seen', [1], { disposition: 'fine', note: '', by: bob, at: 7 });
    expect(await doneOf(async () => store.sign('signed', 50))).toBe(1);
    const listed = async (most: number, from = 0) => (await store.list(most, from)).map(({ id }) => id);
    expect(await listed(9)).toEqual(['new', 'old', 'emergency', 'signed', 'seen']);
    expect([await listed(2), await listed(2, 2), await listed(2, 4)]).toEqual([
      ['new', 'old'],
      ['emergency', 'signed'],
      ['seen'],
    ]);
    expect([await store.periods('triage', 1), await store.periods('monthly', 5)]).toEqual([['signed'], ['new']]);
  });

  test('a review is found as it was disposed of and signed, and nothing of it changes after', async () => {
    const store = new SqliteReviews(db, sealer);
    const disposed = { disposition: 'question', note: 'Ask "why"', by: bob, at: 60 } as const;
    await store.begin(review('r'), [item(2), item(1)]);
    await store.dispose('r', [2], disposed);
    await store.markOverdue('r', 70);
    await store.markOverdue('r', 71);
    await store.keepStatement('r', 'I have looked');
    expect(await store.sign('r', 80)).toBe(true);
    await store.dispose('r', [1], disposed);
    await store.keepStatement('r', 'Something else');
    await restart();
    expect(await new SqliteReviews(db, sealer).find('r')).toEqual({
      ...review('r'),
      items: [
        { ...item(1), disposed: null },
        { ...item(2), disposed },
      ],
      statement: 'I have looked',
      signedAt: 80,
      overdueAt: 70,
    });
    expect(await new SqliteReviews(db, sealer).find('unknown')).toBeNull();
  });

  test('the recertification that began last counts; it is decided row by row, signed once, and closed after', async () => {
    const store = new SqliteRecertifications(db);
    expect([await store.current(), await store.lastSignedAt()]).toEqual([null, null]);
    await store.begin(campaign('c-1', 10), [row(1)]);
    expect(await store.sign('c-1', 15)).toBe(true);
    await store.begin(campaign('c-2', 20), [row(2), row(1)]);
    const decided = { decision: 'remove', note: 'Left the ward', by: bob, at: 30 } as const;
    await store.decide('c-2', [1], decided);
    await store.keepStatement('c-2', 'I have looked');
    expect(await doneOf(async () => store.sign('c-2', 40))).toBe(1);
    await store.decide('c-2', [2], decided);
    await store.keepStatement('c-2', 'Something else');
    const closed = { how: 'seen-gone', at: 50, by: null } as const;
    await store.close('c-2', 1, closed);
    await store.close('c-2', 1, { ...closed, at: 60 });
    await restart();
    const later = new SqliteRecertifications(db);
    expect(await later.current()).toEqual({
      ...campaign('c-2', 20),
      rows: [
        { ...row(1), decided, closed },
        { ...row(2), decided: null, closed: null },
      ],
      statement: 'I have looked',
      signedAt: 40,
    });
    expect(await later.lastSignedAt()).toBe(40);
  });
});
