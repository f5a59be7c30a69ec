// The books of budgets. That of one gateway: at once from memory, on disk within a second, back after a restart, and never forgetful in
// anybody's favour.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MemoryBudgetBook } from '../../src/adapters/budget-book.ts';
import type { BudgetBookOptions } from '../../src/adapters/budget-book.ts';
import { RedisBudgetBook } from '../../src/adapters/budget-book-redis.ts';
import type { BudgetAccount, BudgetBook } from '../../src/budget-ports.ts';
import { emptyBudget } from '../../src/core/downloads/budget-state.ts';
import type { BudgetState } from '../../src/core/downloads/budget-state.ts';
import { Fault } from '../../src/core/faults.ts';
import { BudgetTestDb } from '../support/budget-gateways.ts';
import { noon } from '../support/download-fakes.ts';
import { FakeBudgetRedis } from '../support/fake-budget-redis.ts';
import { onEachEngine, openStateDb } from '../support/state-engines.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const hour = 3_600_000;

let db: BudgetTestDb;
let now: number;
let failures: unknown[];
let books: { close(): Promise<void> }[];
beforeEach(() => {
  db = new BudgetTestDb();
  now = noon;
  failures = [];
  books = [];
});
afterEach(async () => {
  db.failure = null;
  for (const book of books) await book.close();
  db.database.close();
});

async function open(some: Partial<BudgetBookOptions> = {}): Promise<MemoryBudgetBook> {
  const onFlushFailed = (cause: unknown) => failures.push(cause);
  const book = await MemoryBudgetBook.open({
    db,
    clock: { now: () => now },
    onFlushFailed,
    flushEveryMilliseconds: 3_600_000,
    ...some,
  });
  books.push(book);
  return book;
}

/** A Redis that nobody has used: what is not in the database is not known. */
function openShared(maximumPeople: number): RedisBudgetBook {
  const book = new RedisBudgetBook({
    db,
    redis: new FakeBudgetRedis(),
    clock: { now: () => now, monotonic: () => performance.now() },
    gateway: 'one',
    secret: 'a secret',
    onFlushFailed: (cause) => failures.push(cause),
    maximumPeople,
    flushEveryMilliseconds: 3_600_000,
  });
  books.push(book);
  return book;
}

const some: BudgetState = {
  files: [{ target: '/a.csv', at: noon }],
  patients: new Map([
    ['ehr 1', noon],
    ['ehr 2', noon],
  ]),
  day: '2024-10-04',
  bytes: 12_345,
  extendedOn: '2024-10-04',
  warned: { files: noon, patients: null, bytes: '2024-10-04' },
  reservedBytes: 500,
  overdrawn: true,
};
const stored: BudgetState = { ...some, reservedBytes: 0, overdrawn: false };

function put(account: BudgetAccount, state: BudgetState): void {
  account.changeNow(() => ({ state, result: undefined }));
}

async function putFor(book: MemoryBudgetBook, person: string, state: BudgetState = stored): Promise<BudgetAccount> {
  const account = await book.account(person);
  put(account, state);
  return account;
}

describe('a person', () => {
  test('begins with nothing used, and is the same account from then on, at once', async () => {
    const book = await open();
    const first = book.account('p');
    expect(first).toBeInstanceOf(Promise);
    expect(book.account('p')).toBe(first);
    const account = await first;
    expect(account.state).toBe(emptyBudget);
    expect(book.account('p')).toBe(account);
    put(account, some);
    expect((await book.account('p')).state).toBe(some);
  });

  test('comes back after a restart, without what was promised to replies that died with the process', async () => {
    const before = await open();
    await putFor(before, 'p', some);
    await before.close();
    const after = await open();
    const account = after.account('p');
    expect(account).not.toBeInstanceOf(Promise);
    expect((await account).state).toEqual(stored);
  });

  test('is read when they come, where the start left them out', async () => {
    const before = await open();
    await putFor(before, 'p');
    await putFor(before, 'q');
    await before.close();
    const after = await open({ maximumPeople: 2 });
    const accounts = ['p', 'q'].map((person) => after.account(person));
    expect(accounts.filter((account) => account instanceof Promise)).toHaveLength(1);
    for (const account of accounts) expect((await account).state).toEqual(stored);
  });

  test('is refused where their row cannot be read, and everybody else can start', async () => {
    const before = await open();
    await putFor(before, 'good');
    await before.flush();
    for (const [person, row] of [['torn', '{"ver'], ['later', '{"version":2}']] as const) db.set(person, row, noon + hour); // prettier-ignore
    const book = await open();
    expect(failures).toHaveLength(2);
    expect((await book.account('good')).state).toEqual(stored);
    for (const person of ['torn', 'later']) {
      await expect(book.account(person)).rejects.toMatchObject({ code: 'session-store-unavailable' });
    }
    now += hour;
    expect((await book.account('torn')).state).toBe(emptyBudget);
  });
});

describe('flushing', () => {
  test('writes all changes of a second in one transaction, and nothing when there is none', async () => {
    const book = await open();
    for (const person of ['p', 'q']) await putFor(book, person);
    const before = db.runs;
    await book.flush();
    expect(db.runs).toBe(before + 1);
    await book.flush();
    expect(db.runs).toBe(before + 1);
    expect(db.people()).toEqual(['p', 'q']);
  });

  test('happens by itself', async () => {
    const book = await open({ flushEveryMilliseconds: 1 });
    await putFor(book, 'p');
    await expect.poll(() => db.people()).toEqual(['p']);
    const late = await book.account('q');
    db.failure = new Error('disk full');
    put(late, stored);
    await expect.poll(() => failures).toContain(db.failure);
    db.failure = null;
    await expect.poll(() => db.people()).toEqual(['p', 'q']);
  });

  test('keeps what could not be written', async () => {
    const book = await open();
    await putFor(book, 'p');
    db.failure = new Error('disk full');
    await expect(book.flush()).rejects.toThrow('disk full');
    db.failure = null;
    await book.flush();
    expect(db.people()).toEqual(['p']);
  });

  test.each([
    [27 * hour - 1, ['p', 'q']],
    [27 * hour, ['q']],
  ])('after %d ms the rows left are %j', async (after, people) => {
    const book = await open();
    await putFor(book, 'p');
    await book.flush();
    now += after;
    await putFor(book, 'q');
    await book.flush();
    expect(db.people()).toEqual(people);
  });
});

describe('memory', () => {
  test.each([
    [hour - 1, false],
    [hour, true],
  ])('a person untouched for %d ms has left it: %s', async (after, left) => {
    const book = await open();
    await putFor(book, 'p');
    await book.flush();
    now += after;
    await book.flush();
    await book.flush();
    const account = book.account('p');
    expect(account instanceof Promise).toBe(left);
    expect((await account).state).toEqual(stored);
  });

  test('a person with a reply under way stays', async () => {
    const book = await open();
    await putFor(book, 'p', some);
    await book.flush();
    now += 2 * hour;
    await book.flush();
    await book.flush();
    expect(book.account('p')).not.toBeInstanceOf(Promise);
  });

  test('a person whose changes could not be written stays, however long the disk is gone', async () => {
    const book = await open({ maximumPeople: 1 });
    await putFor(book, 'p');
    db.failure = new Error('disk gone');
    await expect(book.flush()).rejects.toThrow('disk gone');
    now += 2 * hour;
    await expect(book.account('q')).rejects.toThrow('1 people are at work at once');
    expect((await book.account('p')).state).toEqual(stored);
  });

  test('a reply that outlived its place is still counted', async () => {
    const book = await open();
    const account = await book.account('p');
    now += hour;
    await book.flush();
    await book.flush();
    put(account, stored);
    expect(book.account('p')).toBe(account);
    await book.flush();
    expect(db.people()).toEqual(['p']);
  });
});

// What the stages may rely on, however many gateways there are.
describe.each([
  ['one gateway', async (maximumPeople: number) => open({ maximumPeople })],
  ['several', async (maximumPeople: number) => Promise.resolve(openShared(maximumPeople))],
])('a book of %s', (_name, openBook) => {
  const counted: BudgetState = { ...stored, reservedBytes: 0 };
  const putAll = async (book: BudgetBook, person: string): Promise<BudgetAccount> => {
    const account = await book.account(person);
    await account.change(() => ({ state: counted, result: undefined }));
    return account;
  };
  const usedBy = async (book: BudgetBook, person: string): Promise<BudgetState> => {
    const account = await book.account(person);
    return account.change((state) => ({ state, result: state }));
  };

  test('has one account for a person, at once from the second time on', async () => {
    const book = await openBook(9);
    const first = book.account('p');
    expect([first instanceof Promise, book.account('p') === first]).toEqual([true, true]);
    const account = await first;
    expect(book.account('p')).toBe(account);
    expect(account.state).toMatchObject(emptyBudget);
    expect(account.changeNow((state) => ({ state: { ...state, day: 'x', bytes: 5 }, result: 'told' }))).toBe('told');
    expect([account.state.bytes, (await usedBy(book, 'p')).bytes]).toEqual([5, 5]);
  });

  test('comes back after a restart, without what was promised', async () => {
    const before = await openBook(9);
    const account = await putAll(before, 'p');
    await account.change((state) => ({ state: { ...state, reservedBytes: 700, overdrawn: true }, result: undefined }));
    expect(account.state).toMatchObject({ reservedBytes: 700, overdrawn: true });
    await before.close();
    expect(await usedBy(await openBook(9), 'p')).toMatchObject(counted);
  });

  test('refuses whose row cannot be read, and serves everybody else', async () => {
    for (const [person, row] of [['torn', '{"ver'], ['later', '{"version":2}']] as const) db.set(person, row, noon + hour); // prettier-ignore
    const book = await openBook(9);
    for (const person of ['torn', 'later']) {
      await expect(book.account(person)).rejects.toMatchObject({ code: 'session-store-unavailable' });
    }
    expect(await usedBy(book, 'good')).toMatchObject(emptyBudget);
  });

  test('refuses while the database does not answer, and serves again after', async () => {
    const book = await openBook(9);
    db.failure = new Error('disk gone');
    await expect(book.account('p')).rejects.toThrow(Fault);
    db.failure = null;
    expect((await book.account('p')).state).toMatchObject(emptyBudget);
  });

  test('is bounded: one more than the limit waits until somebody has rested for an hour', async () => {
    const book = await openBook(2);
    await putAll(book, 'p');
    await putAll(book, 'q');
    await book.flush();
    await expect(book.account('r')).rejects.toMatchObject({
      code: 'session-store-unavailable',
      message: '2 people are at work at once, which is the limit',
    });
    now += hour;
    expect((await book.account('r')).state).toMatchObject(emptyBudget);
    expect(await usedBy(book, 'p')).toMatchObject({ patients: counted.patients });
  });

  test('lets go of whoever rested for an hour, and of nobody with a reply under way', async () => {
    const book = await openBook(9);
    await putAll(book, 'p');
    const account = await putAll(book, 'q');
    await account.change((state) => ({ state: { ...state, reservedBytes: 5 }, result: undefined }));
    await book.flush();
    now += hour;
    await book.flush();
    await book.flush();
    expect([book.account('p') instanceof Promise, book.account('q')]).toEqual([true, account]);
    await book.account('p');
  });

  test('makes short keys of texts of any length', async () => {
    const book = await openBook(9);
    const long = 'x'.repeat(5000);
    expect(book.key(long).length).toBeLessThan(50);
    expect([book.key(long) === book.key(long), book.key(long) === book.key(`${long}x`)]).toEqual([true, false]);
  });
});

test('a short text is its own key; a long one has a short key of its own', async () => {
  const book = await open();
  expect(book.key('ehr /a.csv 7')).toBe('ehr /a.csv 7');
  expect(book.key('x'.repeat(80))).toHaveLength(80);
  const long = book.key('x'.repeat(81));
  expect(long).toMatch(/^#[\w-]{43}$/);
  expect(book.key('x'.repeat(82))).not.toBe(long);
  expect(book.key('x'.repeat(81))).toBe(long);
});

onEachEngine(() => {
  test('people come back after a restart, at once or when they come, until their windows are over', async () => {
    const state = await openStateDb(temporaryDirectory());
    const options = { db: state, clock: { now: () => now }, onFlushFailed: (cause: unknown) => failures.push(cause) };
    const before = await MemoryBudgetBook.open(options);
    for (const person of ['p', 'q']) await putFor(before, person);
    await before.flush();
    await putFor(before, 'p', { ...stored, bytes: 7 });
    await before.close();
    const after = await MemoryBudgetBook.open({ ...options, maximumPeople: 2 });
    const accounts = ['p', 'q'].map((person) => after.account(person));
    expect(accounts.filter((account) => account instanceof Promise)).toHaveLength(1);
    expect((await Promise.all(accounts)).map(({ state: { bytes } }) => bytes)).toEqual([7, stored.bytes]);
    await after.close();
    now += 27 * hour;
    const later = await MemoryBudgetBook.open(options);
    expect([(await later.account('p')).state, failures]).toEqual([emptyBudget, []]);
    await later.close();
    await state.close();
  });
});
