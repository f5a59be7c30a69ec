// The two engines that what must not be lost can stand on. A suite wrapped in `onEachEngine` runs once on each: the stores are
// the same, and so must be what they promise.

import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { openPostgresDb } from '../../src/adapters/state-db-postgres.ts';
import { openStateDb as openEmbedded } from '../../src/adapters/state-db.ts';
import type { StateDb } from '../../src/adapters/state-db.ts';
import { withPostgres } from '../../src/adapters/state-db-shared.ts';
import { FakeLog } from './fake-ports.ts';
import { startPostgres } from './postgres-server.ts';
import type { PostgresServer } from './postgres-server.ts';
import { requirement } from './requirements.ts';

type Open = (directory: string) => Promise<StateDb>;

let current: Open = openEmbedded;

/** As the engine under test opens the state of a directory, and the same state at the next time. */
export const openStateDb: Open = (directory) => current(directory);

/** `onFile`: `test` for what is about the files of the embedded engine alone, and nothing where there are none. */
export function onEachEngine(tests: (onFile: (title: string, run: () => void | Promise<void>) => void) => void): void {
  describe('SQLite', () => {
    beforeAll(() => {
      current = openEmbedded;
    });
    tests(test);
  });
  const postgres = requirement('postgres');
  postgres.describe('PostgreSQL', () => {
    let server: PostgresServer;
    beforeAll(async () => {
      server = await startPostgres(dirname(postgres.path ?? ''));
      current = (directory) => openWith(server.url, directory);
    });
    afterAll(() => server.close());
    tests(() => undefined);
  });
}

async function openWith(url: string, directory: string): Promise<StateDb> {
  const schema = `at_${createHash('sha256').update(directory).digest('hex').slice(0, 20)}`;
  const local = await openEmbedded(directory);
  try {
    return withPostgres(
      local,
      await openPostgresDb({ url, password: null, trust: null, plain: true, schema, log: new FakeLog() }),
    );
  } catch (cause) {
    await local.close();
    throw cause;
  }
}
