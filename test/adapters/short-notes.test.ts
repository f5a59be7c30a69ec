// What is remembered for minutes between a page and the form it sends, at two gateways: a note is taken out once, a challenge that one
// issued is answered at the other, a question about a download is asked at one and answered at the other. Questions promise the same
// in the memory of one gateway.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MemoryAskedConfirmations } from '../../src/adapters/asked-confirmations-memory.ts';
import { MemoryDisclosureQuestions } from '../../src/adapters/disclosure-questions-memory.ts';
import { SharedDisclosureQuestions } from '../../src/adapters/disclosure-questions-shared.ts';
import { createMasterKey, FileSealer } from '../../src/adapters/sealer-file.ts';
import { SqliteShortNotes } from '../../src/adapters/short-notes-sqlite.ts';
import type { StateDb } from '../../src/adapters/state-db.ts';
import { auditEntry } from '../../src/core/audit/entry.ts';
import type { DownloadRequest } from '../../src/core/disclosures/covers-request.ts';
import type { DisclosureAnswer, DisclosureQuestions, TakenAnswer } from '../../src/disclosure-ports.ts';
import { Challenges, challengeSeconds } from '../../src/sign-in/challenges.ts';
import { FakeLog } from '../support/fake-ports.ts';
import { onEachEngine, openStateDb } from '../support/state-engines.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const minute = 60_000;

let db: StateDb;
let sealer: FileSealer;
let now: number;
let ids: number;
let broken: boolean;
beforeEach(async () => {
  const directory = temporaryDirectory();
  createMasterKey(`${directory}/key`);
  sealer = new FileSealer(`${directory}/key`);
  db = await openStateDb(directory);
  [now, ids, broken] = [1_800_000_000_000, 0, false];
});
afterEach(() => db.close());

const clock = { now: () => now, monotonic: () => now };
const randomness = { id: () => `id${(ids += 1)}`, bytes: () => new Uint8Array(0) };
const reached: StateDb = {
  run: async (...asked) => (broken ? Promise.reject(new Error('The database is gone')) : db.run(...asked)),
  close: () => Promise.resolve(),
};
const gateway = (): SqliteShortNotes => new SqliteShortNotes(reached, sealer, clock);
const note = (id: string, over: object = {}) => ({
  kind: 'k',
  owner: 'ada',
  id,
  text: `text of ${id}`,
  until: now + minute,
  ...over,
});

const asked = {
  session: 's',
  application: 'ehr',
  method: 'GET',
  target: '/export?pid=7',
  post: null,
  rule: 'reports',
};
const request: DownloadRequest = { ...asked, part: false };
const entry = auditEntry('disclosure-cancelled', 5, { rule: 'reports' });
const words = { recipient: 'Court', address: null, description: 'All', purpose: 'Order', basis: 'court', count: null } as const;
const leaves: DisclosureAnswer = { leaves: true, disclosure: words, patients: ['7'] };
const stays: DisclosureAnswer = { leaves: false };

/** What was taken, in one word. */
const told = (taken: TakenAnswer | null): string => (taken === null ? 'asked' : taken.kind === 'part' ? 'part' : taken.kind);
const went = async (taken: TakenAnswer | null): Promise<void> => (taken?.kind === 'answer' ? taken.went() : undefined);
const back = async (taken: TakenAnswer | null): Promise<void> => (taken?.kind === 'answer' ? taken.giveBack() : undefined);

/** Two gateways, or one twice. */
const kinds: readonly (readonly [string, () => readonly DisclosureQuestions[]])[] = [
  [
    'one gateway',
    () => {
      const alone = new MemoryDisclosureQuestions(clock, randomness);
      return [alone, alone];
    },
  ],
  [
    'two gateways',
    () => [gateway(), gateway()].map((notes) => new SharedDisclosureQuestions({ notes, clock, randomness, log: new FakeLog() })),
  ],
];

async function answered(
  questions: readonly DisclosureQuestions[],
  answer = leaves,
  next: { files: number; until: number } | null = null,
) {
  const id = await questions[0]?.ask({ asked, patient: '7', entry });
  const question = await questions[1]?.find(id ?? '', 's');
  expect(question).toEqual({ id, at: now, asked, patient: '7', entry });
  if (question === undefined || question === null) throw new Error('It cannot be found');
  expect(await questions[1]?.answer(question, answer, next)).toBe(true);
  return question;
}

onEachEngine(() => {
  test('a note is its owner’s, is taken once, and in its time; the oldest make room; nothing of it stands in clear', async () => {
    const [one, other] = [gateway(), gateway()];
    for (const id of ['a', 'b', 'c']) {
      now += 1;
      await one.put(note(id), 2);
    }
    expect((await other.list('k', 'ada')).map(({ id, text }) => [id, text])).toEqual([
      ['b', 'text of b'],
      ['c', 'text of c'],
    ]);
    expect([await other.list('k', 'bob'), await other.list('x', 'ada'), await other.take('k', 'bob', 'b')]).toEqual([
      [],
      [],
      null,
    ]);
    const [rows] = await db.run('sessions', [{ sql: 'SELECT * FROM short_notes', params: [] }]);
    expect(JSON.stringify(rows)).not.toMatch(/text of|ada/);
    const taken = await Promise.all(Array.from({ length: 6 }, async (_, n) => (n % 2 ? one : other).take('k', 'ada', 'b')));
    expect(taken.filter((text) => text !== null)).toEqual(['text of b']);
    now += minute;
    expect([await one.take('k', 'ada', 'c'), await one.list('k', 'ada')]).toEqual([null, []]);
    await gateway().put(note('d'), 2);
    const [left] = await db.run('sessions', [{ sql: 'SELECT count(*) AS n FROM short_notes', params: [] }]);
    expect(left?.rows).toEqual([{ n: 1 }]);
  });

  test('a challenge that one gateway issued is taken at the other, once, by its owner, in its time', async () => {
    const [one, other] = [gateway(), gateway()].map((notes) => new Challenges({ clock, randomness, notes }));
    const issued: string[] = [];
    for (let n = 0; n < 6; n += 1) {
      now += 1;
      issued.push((await one?.issue('ada')) ?? '');
    }
    const take = async (owner: string, n: number) => other?.take(owner, issued[n] ?? '');
    expect([await take('ada', 0), await take('bob', 1), await take('ada', 1), await take('ada', 1)]).toEqual([
      false,
      false,
      true,
      false,
    ]);
    now += challengeSeconds * 1000;
    expect(await take('ada', 5)).toBe(false);
  });

  test('which rule asked for a confirmation is known at the other gateway, and a store that is gone costs nobody theirs', async () => {
    const [one, other] = [gateway(), gateway()].map((notes) => new MemoryAskedConfirmations(clock, notes));
    one?.note('s', 'admin');
    await expect.poll(async () => other?.of('s')).toBe('admin');
    other?.note('s', 'reports');
    await expect.poll(async () => one?.of('s')).toBe('reports');
    broken = true;
    one?.note('t', 'admin');
    expect([await one?.of('t'), await other?.of('t')]).toEqual(['admin', null]);
  });

  describe.each(kinds)('questions about downloads, %s', (_kind, open) => {
    test('one download is one question, and its answer lets it out once, wherever it comes', async () => {
      const questions = open();
      const ask = { asked, patient: '7', entry };
      expect(await questions[0]?.ask(ask)).toBe(await questions[1]?.ask(ask));
      expect([(await questions[1]?.of('s'))?.length, await questions[1]?.of('t')]).toEqual([1, []]);
      const question = await answered(questions);
      expect([await questions[0]?.answer(question, stays, null), await questions[0]?.cancel(question)]).toEqual([false, false]);
      const other = { ...request, target: '/export?pid=8' };
      expect(told((await questions[0]?.take(other)) ?? null)).toBe('asked');
      const taken = await Promise.all(questions.map(async (one) => one.take(request)));
      expect(taken.map((one) => told(one)).toSorted((a, b) => (a < b ? -1 : 1))).toEqual(['answer', 'asked']);
      expect(taken.find((one) => one !== null)).toMatchObject({ answer: leaves });
    });

    test('an answer that was not used is good for another try, and a download that went out for its parts alone', async () => {
      const questions = open();
      await answered(questions);
      const take = async (n: number, part = false) => (await questions[n]?.take({ ...request, part })) ?? null;
      const first = await take(0);
      await back(first);
      const second = await take(1);
      await back(first);
      await went(second);
      await back(second);
      expect([told(await take(0)), told(await take(1, true)), told(await take(0, true))]).toEqual(['asked', 'part', 'part']);
      now += 10 * minute;
      expect(told(await take(0, true))).toBe('asked');
    });

    test('the same recipient is good for as many further downloads as the clinic allows', async () => {
      const questions = open();
      await answered(questions, leaves, { files: 2, until: now + minute });
      const take = async (n: number, over: object = {}) => (await questions[n]?.take({ ...request, ...over })) ?? null;
      await went(await take(0));
      const next = { target: '/export?pid=8' };
      expect(told(await take(1, { rule: 'others' }))).toBe('asked');
      const one = await take(1, next);
      expect(one).toMatchObject({ answer: { ...leaves, patients: [] } });
      await back(one);
      expect([told(await take(0, next)), told(await take(1, next)), told(await take(0, next))]).toEqual([
        'answer',
        'answer',
        'asked',
      ]);
    });

    test('what nobody answers in time, or is called off, waits no more', async () => {
      const questions = open();
      const id = (await questions[0]?.ask({ asked, patient: null, entry })) ?? '';
      const question = await questions[1]?.find(id, 's');
      expect(question !== null && question !== undefined && (await questions[1]?.cancel(question))).toBe(true);
      expect(await questions[0]?.find(id, 's')).toBeNull();
      const again = (await questions[0]?.ask({ asked, patient: null, entry })) ?? '';
      now += 15 * minute;
      expect([await questions[1]?.find(again, 's'), await questions[1]?.of('s')]).toEqual([null, []]);
    });
  });
});
