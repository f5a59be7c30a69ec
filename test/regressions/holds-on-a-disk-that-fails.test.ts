// A disk stopped synchronising in the first seconds of a gateway, just when the list of holds was to be made beside the access
// record. The write threw before there was a promise, nobody caught it, and the whole gateway ended where it should have refused
// and waited. What is asked of the gateway's own thread must fail as an answer, whatever throws.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterAll, expect, it } from 'vitest';
import { AuditRetentionDesk } from '../../src/adapters/audit-retention-desk.ts';
import { answerAsk } from '../../src/adapters/thread-asking.ts';
import { auditDirectory, openTestLog, removeAuditDirectories, systemClock } from '../support/audit-log.ts';

afterAll(removeAuditDirectories);

it('is told to whoever asked, and nothing else happens', async () => {
  const directory = auditDirectory();
  const log = await openTestLog(directory);
  // The directory that holds the list is gone, so it cannot be written.
  const desk = new AuditRetentionDesk(join(directory, 'gone'), log, systemClock);
  const found = desk.found({ retention: null, holds: [] });
  await expect(found).rejects.toThrow(/ENOENT/);
  await log.close();
});

it('is an answer also where the work throws at once', async () => {
  const answers: unknown[] = [];
  const worker = { postMessage: (answer: unknown) => void answers.push(answer) } as unknown as Worker;
  await answerAsk({ ask: 7, wish: null }, worker, () => {
    mkdirSync('/dev/null/none');
    return Promise.resolve();
  });
  expect(answers).toEqual([{ answer: 7, failure: expect.stringMatching(/ENOTDIR|ENOENT/) }]);
});
