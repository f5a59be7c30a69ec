// Sign-ins that have begun are kept up to a number, and the oldest gave way to the newest, whoever they were. A stranger
// who began thousands a second pushed out those of real people, who were sent back to the start after typing their
// password, as often as they tried. Now one address has a share of its own, and where many addresses fill what there is,
// those with the most give way first.

import { afterEach, beforeEach, expect, test } from 'vitest';
import { SqliteSignInStore } from '../../src/adapters/sign-in-store-sqlite.ts';
import { openStateDb } from '../../src/adapters/state-db.ts';
import type { StateDb } from '../../src/adapters/state-db.ts';
import { FakeClock } from '../support/fake-ports.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const clock = new FakeClock();
let db: StateDb;
let store: SqliteSignInStore;

beforeEach(async () => {
  db = await openStateDb(temporaryDirectory());
  store = new SqliteSignInStore(db, clock);
});
afterEach(async () => db.close());

let begun = 0;
function begin(state: string, address: string): Promise<void> {
  begun += 1;
  const rest = { nonce: 'n', verifier: 'v', application: 'ehr', returnTo: '/', silent: false, sessionKey: null };
  return store.put({ state, ...rest, browser: `browser of ${state}`, expiresAt: clock.now() + 600_000 + begun }, address);
}

async function flood(count: number, addressOf: (index: number) => string): Promise<void> {
  for (let from = 0; from < count; from += 2000) {
    const next = Math.min(2000, count - from);
    await Promise.all(Array.from({ length: next }, (_, at) => begin(`flood-${from + at}`, addressOf(from + at))));
  }
}

async function open(): Promise<number> {
  const [result] = await db.run('sessions', [{ sql: 'SELECT count(*) AS open FROM sign_ins', params: [] }]);
  return Number(result?.rows[0]?.['open']);
}

test.each([
  ['one address', 5000, () => '203.0.113.5', 2100],
  ['one network of version 6', 5000, (index: number) => `2001:db8:0:1::${index.toString(16)}`, 2100],
  ['forty networks', 50_300, (index: number) => `2001:db8:0:${(index % 40).toString(16)}::1`, 50_100],
])('a flood from %s leaves the sign-in of somebody else', { timeout: 90_000 }, async (_from, count, addressOf, most) => {
  await begin('of the nurse', '10.20.5.7');
  await flood(count, addressOf);
  expect(await open()).toBeLessThanOrEqual(most);
  // The flood has its own newest, so that it is the oldest of the flood that gave way.
  expect(await store.take(`flood-${count - 1}`)).not.toBeNull();
  expect(await store.take('flood-0')).toBeNull();
  expect(await store.take('of the nurse')).not.toBeNull();
});
