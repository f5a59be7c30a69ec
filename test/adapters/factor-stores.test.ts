// What people may show in the place of a code, on each engine: passkeys, devices that remember, IT's codes and the sealed ones; and
// what they are told of changes. Of two who do the same at once, one does it.

import { afterEach, beforeEach, expect, test } from 'vitest';
import { SqliteEmergencyStore } from '../../src/adapters/emergency-store-sqlite.ts';
import { SqliteEnrolCodes } from '../../src/adapters/enrol-codes-sqlite.ts';
import { SqliteFactorNotices } from '../../src/adapters/factor-notices-sqlite.ts';
import { SqliteFactorStore } from '../../src/adapters/factor-store-sqlite.ts';
import { SqlitePasskeyStore } from '../../src/adapters/passkey-store-sqlite.ts';
import { SqliteRememberedFactors } from '../../src/adapters/remembered-factors-sqlite.ts';
import type { StateDb } from '../../src/adapters/state-db.ts';
import type { Passkey } from '../../src/passkey-ports.ts';
import { onEachEngine, openStateDb } from '../support/state-engines.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const issuer = 'https://op.example';
const ada = { issuer, sub: 'ada' };
const [adaHere, bobHere] = ['ada', 'bob'].map((sub) => ({ device: 'WS-1', issuer, sub })) as [
  { device: string; issuer: string; sub: string },
  { device: string; issuer: string; sub: string },
];

let directory: string;
let db: StateDb;

beforeEach(async () => {
  directory = temporaryDirectory();
  db = await openStateDb(directory);
});
afterEach(() => db.close());

const passkey = (id: string, over: Partial<Passkey> = {}): Passkey => ({
  id,
  name: `Key ${id}`,
  publicKey: 'cose',
  counter: 0,
  transports: ['usb', 'nfc'],
  addedAt: 10,
  usedAt: null,
  ...over,
});

/** Asks ten times at once, and says how often it was done. */
async function doneOf(ask: () => Promise<boolean>): Promise<number> {
  return (await Promise.all(Array.from({ length: 10 }, ask))).filter(Boolean).length;
}

onEachEngine(() => {
  test('a passkey comes back as it was added, the oldest first, and an id belongs to one person', async () => {
    const store = new SqlitePasskeyStore(db);
    await store.add(issuer, 'ada', passkey('b', { addedAt: 20, transports: [] }), null);
    await store.add(issuer, 'ada', passkey('a'), null);
    expect(await store.list(issuer, 'ada')).toEqual([passkey('a'), passkey('b', { addedAt: 20, transports: [] })]);
    await expect(store.add(issuer, 'bob', passkey('a'), null)).rejects.toThrow();
    expect(await store.list(issuer, 'bob')).toEqual([]);
    expect(await store.rename(issuer, 'bob', 'a', 'Mine')).toBe(false);
    expect(await store.rename(issuer, 'ada', 'a', 'Ward 3')).toBe(true);
    expect((await store.list(issuer, 'ada')).map(({ name }) => name)).toEqual(['Ward 3', 'Key b']);
  });

  test('a passkey that counts counts on, once; one that never counts is taken each time', async () => {
    const store = new SqlitePasskeyStore(db);
    for (const id of ['counts', 'still']) await store.add(issuer, 'ada', passkey(id), null);
    expect(await doneOf(async () => store.use(issuer, 'ada', 'counts', 7, 100))).toBe(1);
    for (const counter of [7, 6, 0]) expect(await store.use(issuer, 'ada', 'counts', counter, 101)).toBe(false);
    expect(await doneOf(async () => store.use(issuer, 'ada', 'still', 0, 102))).toBe(10);
    expect(await store.use(issuer, 'bob', 'counts', 8, 103)).toBe(false);
    expect((await store.list(issuer, 'ada')).map(({ id, counter, usedAt }) => [id, counter, usedAt])).toEqual([
      ['counts', 7, 100],
      ['still', 0, 102],
    ]);
  });

  test('of two passkeys that are removed at once one stays, unless their person has codes', async () => {
    const store = new SqlitePasskeyStore(db);
    const both = async () => Promise.all(['a', 'b'].map(async (id) => store.remove(issuer, 'ada', id)));
    for (const id of ['a', 'b']) await store.add(issuer, 'ada', passkey(id), null);
    expect((await both()).filter(Boolean)).toHaveLength(1);
    expect((await both()).filter(Boolean)).toHaveLength(0);
    await new SqliteFactorStore(db).enrolTotp(issuer, 'ada', 'sealed', 1, 30, []);
    expect((await both()).filter(Boolean)).toHaveLength(1);
    for (const id of ['a', 'b']) await store.add(issuer, 'ada', passkey(id), null);
    expect(await store.removeAll(issuer, 'ada')).toBe(2);
    expect(await store.removeAll(issuer, 'ada')).toBe(0);
  });

  test('recovery codes that come with a passkey take the place of older ones', async () => {
    const [store, factors] = [new SqlitePasskeyStore(db), new SqliteFactorStore(db)];
    await store.add(issuer, 'ada', passkey('a'), ['old']);
    await store.add(issuer, 'ada', passkey('b'), null);
    await store.add(issuer, 'ada', passkey('c'), ['new']);
    expect(await factors.useRecoveryCode(issuer, 'ada', 'old')).toBe(false);
    expect(await factors.useRecoveryCode(issuer, 'ada', 'new')).toBe(true);
  });

  test('a device remembers each of its people by the token that they have there, until its time', async () => {
    const store = new SqliteRememberedFactors(db);
    const shown = { method: 'totp', at: 10, until: 100 };
    await store.keep(adaHere, 'first', shown);
    await store.keep(adaHere, 'token', { ...shown, method: 'passkey' });
    await store.keep(bobHere, 'token', shown);
    expect(await store.find(adaHere, 'first')).toBeNull();
    expect([await store.find(adaHere, 'token'), await store.at(bobHere)]).toEqual([{ ...shown, method: 'passkey' }, shown]);
    expect(await store.find({ ...adaHere, device: 'WS-2' }, 'token')).toBeNull();
    expect([await store.knows('WS-1', 'token'), await store.knows('WS-2', 'token')]).toEqual([true, false]);
    expect(await doneOf(async () => store.forget(bobHere))).toBe(1);
    await store.keep({ ...adaHere, device: 'WS-2' }, 'other', shown);
    expect(await store.forgetPerson(issuer, 'ada')).toBe(2);
    // What has run out goes when something is kept.
    await store.keep(bobHere, 'token', shown);
    await store.keep(adaHere, 'token', { ...shown, at: 100, until: 200 });
    expect([await store.at(bobHere), (await store.at(adaHere))?.until]).toEqual([null, 200]);
  });

  test('a code of IT works once, for its person, until its time, and the newest alone', async () => {
    const codes = new SqliteEnrolCodes(db);
    const first = await codes.issue(issuer, 'ada', 100);
    const code = await codes.issue(issuer, 'ada', 100);
    expect(await codes.openUntil(issuer, 'ada', 99)).toBe(100);
    expect([await codes.openUntil(issuer, 'ada', 100), await codes.openUntil(issuer, 'bob', 99)]).toEqual([null, null]);
    for (const [name, typed, now] of [
      ['ada', first, 99],
      ['bob', code, 99],
      ['ada', code, 100],
      ['ada', 'not a code', 99],
    ] as const)
      expect(await codes.redeem(issuer, name, typed, now), `${name} at ${now}`).toBe(false);
    expect(await doneOf(async () => codes.redeem(issuer, 'ada', code, 99))).toBe(1);
    await codes.issue(issuer, 'ada', 100);
    expect([await codes.revoke(issuer, 'ada'), await codes.revoke(issuer, 'ada')]).toEqual([1, 0]);
  });

  test('somebody hears of the changes that they have not acknowledged, in their order, of the newest fifty', async () => {
    const notices = new SqliteFactorNotices(db);
    const added = (name: string) => ({ kind: 'passkey-added', name }) as const;
    for (const name of ['one', 'two']) await notices.tell(ada, added(name), 10);
    await notices.tell({ issuer, sub: 'bob' }, { kind: 'reset-by-it', name: null }, 10);
    expect(await notices.of(ada)).toEqual(['one', 'two'].map((name) => ({ at: 10, change: added(name) })));
    await notices.tell(ada, added('three'), 11);
    expect(await notices.acknowledge(ada, 10)).toBe(2);
    expect((await notices.of(ada)).map(({ change }) => change.name)).toEqual(['three']);
    for (let n = 0; n < 50; n += 1) await notices.tell(ada, added(`${n}`), 20 + n);
    const kept = await notices.of(ada);
    expect([kept.length, kept[0]?.change.name, kept[49]?.change.name]).toEqual([50, '0', '49']);
  });

  test('somebody for the emergency is known as the provider last told, and a sealed code is used once, restarted or not', async () => {
    const store = new SqliteEmergencyStore(db);
    const subject = { issuer, sub: 'ada', name: 'ada', displayName: 'Ada' };
    await store.remember(subject, ['nurse'], 10);
    await store.remember({ ...subject, displayName: 'Ada L.' }, ['physician', 'records'], 20);
    expect(await store.named('ada')).toEqual([
      { subject: { ...subject, displayName: 'Ada L.' }, roles: ['physician', 'records'], seenAt: 20 },
    ]);
    await store.remember({ ...subject, sub: 'other' }, [], 30);
    expect([(await store.named('ada')).length, await store.named('bob')]).toEqual([2, []]);
    const code = (hash: string) => ({ salt: `salt of ${hash}`, hash });
    await store.giveCodes(issuer, 'ada', [code('old')], 40);
    await store.giveCodes(issuer, 'ada', [code('x'), code('y')], 50);
    expect((await store.codes(issuer, 'ada')).toSorted((a, b) => a.hash.localeCompare(b.hash))).toEqual([code('x'), code('y')]);
    expect([await store.redeem(issuer, 'ada', 'old'), await store.redeem(issuer, 'other', 'x')]).toEqual([false, false]);
    expect(await doneOf(async () => store.redeem(issuer, 'ada', 'x'))).toBe(1);
    await db.close();
    db = await openStateDb(directory);
    const later = new SqliteEmergencyStore(db);
    expect([await later.redeem(issuer, 'ada', 'x'), await later.codes(issuer, 'ada')]).toEqual([false, [code('y')]]);
    expect(await later.forgetCodes(issuer, 'ada')).toBe(1);
  });
});
