// A backup of a gateway that had moved to PostgreSQL had the files of the day of the move, and not the word that they were moved.
// Restored beside an empty PostgreSQL, the gateway asked for one more `store move`: whoever was let go since would have been let in.

import { dirname } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { moveState } from '../../src/adapters/move-state.ts';
import { sharedPlaceFiles } from '../../src/adapters/moved-state.ts';
import { openStateEngine } from '../../src/adapters/state-engine.ts';
import { FakeClock, FakeLog } from '../support/fake-ports.ts';
import { startPostgres } from '../support/postgres-server.ts';
import type { PostgresServer } from '../support/postgres-server.ts';
import { requirement } from '../support/requirements.ts';
import { fillData } from '../support/state-fixture.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const postgres = requirement('postgres');

postgres.describe('a data directory that was moved', () => {
  let server: PostgresServer;

  beforeAll(async () => {
    server = await startPostgres(dirname(postgres.path ?? ''));
  });

  afterAll(() => server.close());

  it('says so in a backup, and is never moved once more', async () => {
    const directory = temporaryDirectory();
    const durable = (schema: string) => ({ url: server.url, password: null, trust: null, plain: true, schema });
    await fillData(directory, 1);
    expect(sharedPlaceFiles(directory)).toEqual([]);
    await moveState(directory, durable('first'), '2026-11-30');
    expect(sharedPlaceFiles(directory).map((file) => file.slice(directory.length))).toEqual(['/moved-to-postgresql']);
    const store = { durable: durable('lost'), redis: null };
    const opening = openStateEngine({ directory, store, clock: new FakeClock(), log: new FakeLog() });
    await expect(opening).rejects.toThrow(
      'was moved to PostgreSQL (2026-11-30), and PostgreSQL knows nobody; put its own backup back',
    );
    await expect(moveState(directory, store.durable, 'now')).rejects.toThrow('was moved to PostgreSQL already (2026-11-30)');
  });
});
