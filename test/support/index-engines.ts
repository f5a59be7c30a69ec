// The two engines that the index over the access record can stand on: the file beside the log, and the PostgreSQL that gateways
// share. A suite wrapped in `onEachIndex` runs once on each, over logs that are real on both.

import { createHash, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { originOf } from '../../src/adapters/audit-checkpoint.ts';
import { gatewayNumber } from '../../src/adapters/audit-gateway-number.ts';
import { AuditIndexing } from '../../src/adapters/audit-indexing.ts';
import { countHours } from '../../src/adapters/audit-index-search.ts';
import type { TallyLimits } from '../../src/adapters/audit-index-tally.ts';
import { SharedAuditDb } from '../../src/adapters/audit-shared-db.ts';
import { SharedIndexing } from '../../src/adapters/audit-shared-indexing.ts';
import { directReportRecords } from '../../src/adapters/report-records-direct.ts';
import type { DurableSettings } from '../../src/core/store/store-settings.ts';
import type { ReportRecords } from '../../src/report-ports.ts';
import type { RecordSearch } from '../../src/search-ports.ts';
import { startPostgres } from './postgres-server.ts';
import type { PostgresServer } from './postgres-server.ts';
import { requirement } from './requirements.ts';

export interface OpenIndex {
  catchUp(pause: () => Promise<void>): Promise<void>;
  readonly behind: number;
  records(limits?: TallyLimits): ReportRecords & RecordSearch;
  close(): void | Promise<void>;
}

/** Opens the index of the log in `directory`. The shared one has no file; its tables are those of this name. */
export type OpenIndexOf = (directory: string, indexFile: string) => Promise<OpenIndex>;

// What it is called with is what `test` is called with; nothing comes of it.
const none = Object.assign(() => undefined, { each: () => () => undefined }) as unknown as typeof test;

const noLimits = { pause: () => Promise.resolve(), longest: Infinity };

/** `onFile`: `test` for what is about the file beside a log alone, and nothing where there is none. */
export function onEachIndex(tests: (open: OpenIndexOf, onFile: typeof test) => void): void {
  describe('beside the log', () => {
    tests((directory, indexFile) => Promise.resolve(besideTheLog(directory, indexFile)), test);
  });
  withPostgres('shared', (server) => {
    tests((directory, indexFile) => openShared(server(), directory, schemaOf(indexFile)), none);
  });
}

/** `tests` ask for the server when they run. */
export function withPostgres(title: string, tests: (server: () => PostgresServer) => void): void {
  const postgres = requirement('postgres');
  postgres.describe(title, () => {
    let server: PostgresServer;
    beforeAll(async () => {
      server = await startPostgres(dirname(postgres.path ?? ''));
    });
    afterAll(() => server.close());
    tests(() => server);
  });
}

export function storeOn({ url }: PostgresServer, name: string): DurableSettings {
  return { url, password: null, trust: null, plain: true, schema: name };
}

/** The next gateway of these, by the log it has. */
export async function openShared(server: PostgresServer, directory: string, name: string): Promise<SharedIndexing> {
  const store = storeOn(server, name);
  const log = originOf(createPublicKey(readFileSync(join(directory, 'audit-signing.pub'))));
  const db = new SharedAuditDb(store);
  try {
    const gateway = await gatewayNumber(db, log, dirname(directory), 0);
    return new SharedIndexing({ store, gateway, directories: [directory] });
  } finally {
    await db.close();
  }
}

function schemaOf(indexFile: string): string {
  return `at_${createHash('sha256').update(indexFile).digest('hex').slice(0, 20)}`;
}

function besideTheLog(directory: string, indexFile: string): OpenIndex {
  const indexing = new AuditIndexing({ directories: [directory], indexFile });
  const { database } = indexing.index;
  return {
    catchUp: (pause) => indexing.catchUp(pause),
    get behind() {
      return indexing.behind;
    },
    records: (limits = noLimits) => ({
      ...directReportRecords(database, limits),
      hours: async (since, until) => Promise.resolve(countHours(database, since, until)),
    }),
    close: () => indexing.close(),
  };
}
