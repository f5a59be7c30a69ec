// No text in PostgreSQL holds a zero byte. Somebody whose name at the identity provider had one was answered with 503 at every
// sign-in, and whoever typed one into the reason for an emergency as well; spelled out in a stored text, it failed every list that
// looked into that text. The embedded database takes them all.

import { afterEach, beforeEach, expect, test } from 'vitest';
import { SqliteGrantStore } from '../../src/adapters/grant-store-sqlite.ts';
import { SqliteLeavers } from '../../src/adapters/leavers-sqlite.ts';
import { oneGateway } from '../../src/adapters/one-gateway.ts';
import type { StateDb } from '../../src/adapters/state-db.ts';
import { FakeClock } from '../support/fake-ports.ts';
import { onEachEngine, openStateDb } from '../support/state-engines.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const issuer = 'https://op.example';
let db: StateDb;
beforeEach(async () => {
  db = await openStateDb(temporaryDirectory());
});
afterEach(() => db.close());

onEachEngine(() => {
  test('somebody with one in their name comes in, and is shut out by that name', async () => {
    const leavers = new SqliteLeavers(db);
    const person = { issuer, sub: '1', name: 'a\0da' };
    expect(await leavers.isBlocked(person)).toBe(false);
    await leavers.block(person, 1);
    expect(await leavers.isBlocked({ ...person, sub: '2' })).toBe(true);
  });

  test('a reason with one in it opens an emergency access', async () => {
    const clock = new FakeClock();
    const grants = await SqliteGrantStore.open(db, clock, oneGateway);
    const now = clock.now();
    await grants.open({ id: 'g', issuer, sub: '1', reason: 'cardiac\0arrest', openedAt: now, expiresAt: now + 60_000 });
    expect(await grants.current(issuer, '1', now)).not.toBeNull();
  });

  test.each(['\0', '\ud800'])('a stored text that spells out %j can be looked into', async (hostile) => {
    const document = JSON.stringify({ person: { name: `a${hostile}`, sub: '1' } });
    const sql = `SELECT json_extract(?, '$.person.sub') AS sub`;
    expect((await db.run('identity', [{ sql, params: [document] }]))[0]?.rows).toEqual([{ sub: '1' }]);
  });
});
