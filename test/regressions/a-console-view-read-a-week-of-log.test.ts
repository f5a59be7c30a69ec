// A filter that fits little made the console read seven days of log, gigabytes in a busy clinic, in the process that serves
// everybody. Now a thread of its own keeps an index over the log and answers from it, so that neither making the index nor
// asking it takes the one thread's time, and a view takes no longer in a busy week than in a quiet one.

import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { AuditIndexThread } from '../../src/adapters/audit-index-thread.ts';
import { auditEntry } from '../../src/core/audit/entry.ts';
import { auditDirectory, openTestLog, removeAuditDirectories } from '../support/audit-log.ts';
import { silentLog } from '../support/silent-log.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const many = 8000;

afterAll(removeAuditDirectories);

test('while the index is made and asked, the thread that serves people goes on', async () => {
  const directory = auditDirectory();
  const log = await openTestLog(directory);
  const subject = (name: string) => ({ issuer: 'https://idp', sub: name, name });
  await log.append(auditEntry('sign-in', 1_700_000_000_000, { subject: subject('early') }));
  for (let sent = 0; sent < many; sent += 500) {
    const filler = Array.from({ length: 500 }, (_, at) =>
      log.append(auditEntry('refusal', 1_700_000_000_000 + sent + at, { subject: subject('filler') })),
    );
    await Promise.all(filler);
  }
  await log.close();
  let turns = 0;
  let isOver = false;
  const turn = (): void => {
    turns += 1;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  const thread = new AuditIndexThread(
    { directories: [directory], indexFile: join(temporaryDirectory(), 'index.db'), shared: null },
    silentLog,
  );
  const found = await thread.search({ person: 'early' }, 10);
  isOver = true;
  expect(found.requests.map(({ event, sequence }) => [event, sequence])).toEqual([['sign-in', 1]]);
  expect(found.indexed).toBe(many + 1);
  expect(turns).toBeGreaterThan(200);
  await thread.close();
});
