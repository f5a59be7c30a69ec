// The provider's logouts on disk: once each, for a day, also in a file that is older than they are.

import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { SqliteProviderLogoutStore } from '../../src/adapters/provider-logout-store-sqlite.ts';
import { schemas } from '../../src/adapters/state-schema.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { onEachEngine, openStateDb } from '../support/state-engines.ts';

const day = 86_400_000;
const logout = (id: string, sub: string | null = 'ada', providerSession: string | null = null) => ({ id, sub, providerSession });

onEachEngine((onFile) => {
  test('one counts once, for more than a day, and also after a restart', async () => {
    const directory = temporaryDirectory();
    const first = await openStateDb(directory);
    const store = new SqliteProviderLogoutStore(first);
    const kept = await Promise.all([1, 2, 3].map(async () => store.keep(logout('a'), 1000)));
    expect(kept.filter(Boolean)).toHaveLength(1);
    await first.close();
    const second = await openStateDb(directory);
    const restarted = new SqliteProviderLogoutStore(second);
    expect(await restarted.keep(logout('a'), 1000 + day)).toBe(false);
    expect(await restarted.keep(logout('b'), 1001 + day)).toBe(true);
    expect(await restarted.keep(logout('a'), 1001 + day)).toBe(true);
    await restarted.release('b');
    expect(await restarted.keep(logout('b'), 1001 + day)).toBe(true);
    await second.close();
  });

  test.each<[string, ReturnType<typeof logout>, [string, string | null, number], boolean]>([
    ['the person', logout('a'), ['ada', 'sid', 1000], true],
    ['the person, before that', logout('a'), ['ada', 'sid', 1001], false],
    ['somebody else', logout('a'), ['eve', 'sid', 1000], false],
    ['their session', logout('a', 'ada', 'sid'), ['ada', 'sid', 1000], true],
    ['another session of theirs', logout('a', 'ada', 'other'), ['ada', 'sid', 1000], false],
    ['a session, and theirs is unknown', logout('a', 'ada', 'other'), ['ada', null, 1000], true],
    ['a session of nobody named', logout('a', null, 'sid'), ['ada', 'sid', 1000], true],
    ['a session of nobody named, and theirs is unknown', logout('a', null, 'sid'), ['ada', null, 1000], false],
  ])('a logout of %s', async (_case, kept, [sub, providerSession, since], ended) => {
    const db = await openStateDb(temporaryDirectory());
    const store = new SqliteProviderLogoutStore(db);
    await store.keep(kept, 1000);
    expect(await store.endedSince(sub, providerSession, since)).toBe(ended);
    await db.close();
  });

  onFile('a file from before there were any is brought up to date, with what is in it', async () => {
    const directory = temporaryDirectory();
    const old = new DatabaseSync(`${directory}/identity.db`);
    old.exec('CREATE TABLE schema_version (version INTEGER NOT NULL) STRICT');
    old.exec(schemas.identity.migrations[0] ?? '');
    old.exec("INSERT INTO schema_version VALUES (1); INSERT INTO ended_sessions VALUES ('key', 'idle', 7);");
    old.close();
    const db = await openStateDb(directory);
    expect(await new SqliteProviderLogoutStore(db).keep(logout('a'), 1)).toBe(true);
    const [rows] = await db.run('identity', [{ sql: 'SELECT key FROM ended_sessions', params: [] }]);
    expect(rows?.rows).toEqual([{ key: 'key' }]);
    await db.close();
  });
});
