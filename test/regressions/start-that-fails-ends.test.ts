// The sessions' tables could not be read, `start` said so, and then stayed: what had been opened before the failure, a thread
// with the databases and the audit log with its lock, kept the process alive. A supervisor saw a gateway that ran and did
// not listen. Now what was opened is closed, and the process ends with 1.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, expect, test } from 'vitest';
import { clinic } from '../support/clinic.ts';
import type { Clinic } from '../support/clinic.ts';
import { command, endCommands, gatewayProcess } from '../support/command.ts';

let place: Clinic;

afterEach(async () => {
  await endCommands();
  await place.close();
});

test.each`
  database         | table
  ${'sessions.db'} | ${'sessions'}
  ${'sessions.db'} | ${'attempts'}
  ${'identity.db'} | ${'grants'}
`('without the table "$table" the gateway says so and ends', async ({ database, table }: { database: string; table: string }) => {
  place = await clinic();
  expect(await (await gatewayProcess(place.file)).end()).toEqual({ code: 0, signal: null });
  const opened = new DatabaseSync(join(place.directory, 'data', database));
  opened.exec(`DROP TABLE ${table}`);
  opened.close();
  const failed = command(['start', '--config', place.file]);
  expect(await failed.ended).toEqual({ code: 1, signal: null });
  expect(failed.stderr().trimEnd().split('\n')).toHaveLength(1);
  expect(failed.stderr()).toMatch(new RegExp(`^Cannot start the gateway: .*no such table: ${table}`));
  expect(existsSync(join(place.auditDirectory, 'lock'))).toBe(false);
  expect(place.ehr.requests()).toEqual([]);
});
