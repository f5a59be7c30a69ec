// A command has what it does recorded: by the running gateway where one holds the log, by itself where none does.

import { existsSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { recordDeed, recordDeeds } from '../../src/adapters/audit-deeds.ts';
import { attempt, openTestLog, recordsIn, removeAuditDirectories, segments, systemClock } from '../support/audit-log.ts';
import { treeLog } from '../support/audit-tree.ts';

afterEach(removeAuditDirectories);

it('is taken by the gateway that holds the log, and done only then', async () => {
  const { directory } = treeLog();
  const log = await openTestLog(directory);
  await log.append(attempt('1'));
  await recordDeeds(directory, log, systemClock);
  let isDone = false;
  const deed = recordDeed([directory], 'what was done').then((recorded) => {
    isDone = true;
    return recorded;
  });
  await expect.poll(() => readdirSync(join(directory, 'deeds'))).toHaveLength(1);
  expect(isDone).toBe(false);
  await recordDeeds(directory, log, systemClock);
  expect(await deed).toBe(true);
  await log.close();
  expect(readdirSync(join(directory, 'deeds'))).toEqual([]);
  expect(recordsIn(directory, segments(directory)[0]).at(-1)).toMatchObject({ event: 'audit-exported', detail: 'what was done' });
});

it('is recorded by itself where no gateway runs, and nowhere in a copy', async () => {
  const { directory } = treeLog();
  const log = await openTestLog(directory);
  await log.append(attempt('1'));
  await log.close();
  expect(await recordDeed([directory], 'what was done')).toBe(true);
  expect(recordsIn(directory, segments(directory).at(-1)).at(-1)).toMatchObject({ event: 'audit-exported', boot: 'export' });
  rmSync(join(dirname(directory), 'audit-signing.key'));
  expect(await recordDeed([directory], 'what was done')).toBe(false);
  expect(existsSync(join(directory, 'deeds'))).toBe(false);
});
