// What a stranger may have was counted by exact address. Whoever holds one network of IPv6 holds 2^64 of them: each brought
// its own budget of audit records and its own thousand connections, 600,000 records a minute. Now a /64 counts as one
// address, and strangers as a whole have a ceiling.

import { afterEach, expect, test } from 'vitest';
import { RefusalRecords } from '../../src/adapters/refusal-records.ts';
import type { AuditEntry } from '../../src/core/audit/entry.ts';
import { AddressCap } from '../../src/http/address-cap.ts';
import { FakeClock } from '../support/fake-ports.ts';

const written: AuditEntry[] = [];
let isBroken = false;
const audit = {
  available: true,
  directory: '',
  append: (entry: AuditEntry) => {
    if (isBroken) return Promise.reject(new Error('The disk is full'));
    written.push(entry);
    return Promise.resolve({ sequence: written.length, durable: Promise.resolve() });
  },
  close: () => Promise.resolve(),
};
let records: RefusalRecords | null = null;
afterEach(() => {
  records?.close();
  written.length = 0;
});

function budgets(perAddress: number, perPerson = 120): RefusalRecords {
  records = new RefusalRecords({ perAddress, perPerson }, audit, new FakeClock());
  return records;
}

const total = (): number => written.reduce((sum, { detail }) => sum + Number.parseInt(detail ?? '', 10), 0);
const inNetwork = (network: number, host: number): string => `2001:db8:0:${network.toString(16)}::${host.toString(16)}`;

test('a network has the records of one address, and its sum names it', async () => {
  const one = budgets(60);
  const may = Array.from({ length: 5000 }, (_, host) => one.mayRecordAnonymous(inNetwork(1, host + 1)));
  expect(may.filter(Boolean)).toHaveLength(60);
  expect(one.mayRecordAnonymous(inNetwork(2, 1))).toBe(true);
  await one.flush();
  expect(written.map(({ address, detail }) => [address, detail])).toEqual([
    ['2001:db8:0:1::/64', '4940 further refused requests from this address in a minute'],
  ]);
});

test('all strangers together have the records of twenty addresses, and the sums are few', async () => {
  const one = budgets(60);
  let may = 0;
  for (let at = 0; at < 30_000; at += 1) if (one.mayRecordAnonymous(inNetwork(at % 15_000, 1))) may += 1;
  expect(may).toBe(1200);
  await one.flush();
  expect(written.length).toBe(101);
  expect(may + total()).toBe(30_000);
  written.length = 0;
  expect(one.mayRecordAnonymous(inNetwork(1, 1))).toBe(true);
  await one.flush();
  expect(written).toEqual([]);
});

test('strangers take nothing of what people have', async () => {
  const one = budgets(1, 2);
  for (let at = 0; at < 100; at += 1) one.mayRecordAnonymous(inNetwork(at, 1));
  const nurse = { issuer: 'https://op.example', sub: '7', name: 'nurse', displayName: 'Nurse' };
  expect([1, 2, 3, 4].map(() => one.mayRecordRefusal(nurse))).toEqual([true, true, false, false]);
  await one.flush();
  expect(written[0]).toMatchObject({ subject: nurse, detail: '2 further refused requests of this person in a minute' });
  expect(written[0]?.address).toBeNull();
});

test('a sum that cannot be written is written with the next', async () => {
  const one = budgets(1);
  for (const host of [1, 2, 3]) one.mayRecordAnonymous(inNetwork(1, host));
  isBroken = true;
  await expect(one.flush()).rejects.toThrow('The disk is full');
  isBroken = false;
  await one.flush();
  await one.flush();
  expect(written.map(({ detail }) => detail)).toEqual(['2 further refused requests from this address in a minute']);
});

test('a network has the connections of one address', () => {
  const cap = new AddressCap(2);
  expect([1, 2, 3].map((host) => cap.enter(inNetwork(1, host)))).toEqual([true, true, false]);
  expect(cap.enter(inNetwork(2, 1))).toBe(true);
  expect(cap.enter('10.0.0.1') && cap.enter('::ffff:10.0.0.1')).toBe(true);
  expect(cap.enter('10.0.0.1')).toBe(false);
  cap.leave(inNetwork(1, 9));
  expect(cap.enter(inNetwork(1, 4))).toBe(true);
});
