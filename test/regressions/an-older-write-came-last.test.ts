// The embedded database takes writes in the order in which they are asked for, and PostgreSQL need not: they go over several
// connections. Which patient a session of the EHR carries was written while the write before was still on its way, so that the older
// one could stay; the gateway believed its row and recorded the next pages as the patient before, or as nobody's. And a change of a
// session that was just getting a new key found no row, because the new key was there before it was said, and passed for a session that
// had ended.

import { afterEach, expect, test } from 'vitest';
import { SelectionBook } from '../../src/adapters/selection-book.ts';
import { SqliteSessionStore } from '../../src/adapters/session-store-sqlite.ts';
import { openStateDb } from '../../src/adapters/state-db.ts';
import type { StateDb } from '../../src/adapters/state-db.ts';
import type { EhrPlace } from '../../src/core/session/ehr-place.ts';
import type { HeldEhrSession, Session } from '../../src/core/session/session.ts';
import type { SessionStore } from '../../src/ports.ts';
import { FakeClock } from '../support/fake-ports.ts';
import { signedIn } from '../support/session-gateway.ts';
import { silentLog } from '../support/silent-log.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** One session, which carries patient 7. Of the writes that are on their way, the newest is done first. */
function newestFirst() {
  const row: { key: string; ehrSessions: readonly HeldEhrSession[] } = {
    key: 'k',
    ehrSessions: [{ id: 'ehr 1', patient: '7', certain: true }],
  };
  const waiting: (() => void)[] = [];
  const store = {
    find: () => ({ found: 'yes', value: row }),
    update: async (_key: string, { ehrSessions = [] }: Partial<Session>) =>
      new Promise<boolean>((resolve) => {
        waiting.push(() => {
          row.ehrSessions = ehrSessions;
          resolve(true);
        });
      }),
    onEnd: () => undefined,
    onRename: () => undefined,
    onEhrSessions: () => undefined,
  };
  const allDone = async (): Promise<void> => {
    while (waiting.length > 0) {
      waiting.pop()?.();
      // What was waiting for it goes on.
      await new Promise(setImmediate);
    }
  };
  return { store: store as unknown as SessionStore, row, allDone };
}

const place = { session: { key: 'k' }, application: { name: 'ehr', sessionCookie: 'SID' }, ehrSession: '1' } as EhrPlace;

test('the patient who was selected last is the one that stays, in the row and in the record', async () => {
  const { store, row, allDone } = newestFirst();
  const book = new SelectionBook(store, (text) => text, 1);
  book.begin(place, 'r1', '9');
  book.settle('k', 'r1', 'took-effect');
  book.begin(place, 'r2', '11');
  book.settle('k', 'r2', 'took-effect');
  await allDone();
  expect([row.ehrSessions, book.selectedPatient(place)]).toEqual([[{ id: 'ehr 1', patient: '11', certain: true }], '11']);
});

test('a change of a session that is getting a new key at this moment is made under that key', async () => {
  const database = await openStateDb(temporaryDirectory());
  closing.push(() => database.close());
  let told: () => void = () => undefined;
  const untilTold = new Promise<void>((resolve) => (told = resolve));
  const db: StateDb = {
    run: async (name, statements) => {
      const results = await database.run(name, statements);
      if (statements.some(({ sql }) => sql.includes('SET key = ?'))) await untilTold;
      return results;
    },
    close: () => Promise.resolve(),
  };
  const options = { touchStepMilliseconds: 60_000, judge: () => ({ standing: 'active' }) as never };
  const store = await SqliteSessionStore.open(db, new FakeClock(), silentLog, options);
  closing.push(() => store.close());
  const { session } = signedIn('nurse');
  await store.create(session);
  const renamed = store.rename(session.key, 'next', {});
  const ehrSessions = [{ id: 'ehr 1', patient: '9', certain: true }];
  const changed = store.update(session.key, { ehrSessions });
  // The new key is in the row, and the change has looked for the old one.
  await database.run('sessions', [{ sql: 'SELECT 1', params: [] }]);
  told();
  expect([await renamed, await changed]).toEqual([true, true]);
  expect(await store.find('next')).toMatchObject({ found: 'yes', value: { ehrSessions } });
});
