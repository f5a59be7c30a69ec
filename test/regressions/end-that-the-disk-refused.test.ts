// Somebody signed out while the disk did not take the end of the session. In memory it was over; on the disk it was not, and
// the next start of the gateway brought it back for whoever still had the cookie. Now the end is tried again until it stands.

import { expect, test } from 'vitest';
import { SqliteSessionStore } from '../../src/adapters/session-store-sqlite.ts';
import { openStateDb } from '../../src/adapters/state-db.ts';
import type { StateDb } from '../../src/adapters/state-db.ts';
import type { Session } from '../../src/core/session/session.ts';
import { FakeClock, FakeLog } from '../support/fake-ports.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const session: Session = {
  key: 'a',
  reference: 'ref',
  subject: { issuer: 'i', sub: 'ada', name: 'ada', displayName: 'Ada' },
  roles: ['nurse'],
  factor: { method: 'totp', at: 1 },
  createdAt: 1,
  lastActiveAt: 1,
  rolesCheckedAt: 1,
  providerSession: null,
  sealedTokens: null,
  ehrSessions: [],
  device: null,
  lockedAt: null,
  activity: { last: 'sign-in', pings: 0, navigations: 0 },
  version: 1,
};

test.each(['identity', 'sessions'] as const)(
  'a sign-out that "%s" refused once is on disk before the next start',
  async (refusing) => {
    const directory = temporaryDirectory();
    const db = await openStateDb(directory);
    const disk = { full: false };
    const breakable: StateDb = {
      run: async (database, statements) => {
        if (disk.full && database === refusing) throw new Error('No space left on device');
        return db.run(database, statements);
      },
      close: async () => db.close(),
    };
    const options = { touchStepMilliseconds: 60_000, judge: () => ({ standing: 'active' as const, locksAt: 0, endsAt: 0 }) };
    const store = await SqliteSessionStore.open(breakable, new FakeClock(), new FakeLog(), options);
    await store.create(session);
    disk.full = true;
    await expect(store.end('a', 'signed-out')).rejects.toThrow('No space left');
    expect(store.find('a')).toEqual({ found: 'no' });
    await store.flush();
    disk.full = false;
    await store.flush();
    await store.close();
    await db.close();
    const again = await openStateDb(directory);
    const restarted = await SqliteSessionStore.open(again, new FakeClock(), new FakeLog(), options);
    expect(restarted.find('a')).toEqual({ found: 'no' });
    const [rows] = await again.run('sessions', [{ sql: 'SELECT key FROM sessions', params: [] }]);
    expect(rows?.rows).toEqual([]);
    await restarted.close();
    await again.close();
  },
);
