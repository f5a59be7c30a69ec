// A process that records and feeds a receiver meanwhile, until it is killed. Arguments: directory of the log, port, certificate.

import { AuditFeedThread } from '../../src/adapters/audit-feed-thread.ts';
import { auditEntry } from '../../src/core/audit/entry.ts';
import { openTestLog, systemClock } from './audit-log.ts';
import { asked } from './feed-story.ts';
import { silentLog } from './silent-log.ts';

const [directory = '', port = '', trustFile = '', boot = ''] = process.argv.slice(2);
const log = await openTestLog(directory, { boot });
await log.append(auditEntry('start', Date.now()));
// oxlint-disable-next-line no-new -- its thread is its effect
new AuditFeedThread(
  {
    directories: [directory],
    feeds: [
      {
        kind: 'syslog',
        host: '127.0.0.1',
        port: Number(port),
        dialect: 'ihe',
        confirm: 'close-notify',
        window: 16,
        trustFile,
        certificateFile: null,
        keyFile: null,
        patients: 'token',
        from: 'beginning',
      },
    ],
  },
  { clock: systemClock, log: silentLog, resolve: async () => Promise.resolve(new Map()) },
);
for (let index = 0; ; index += 1) {
  const request = `${boot}-${index}`;
  await log.append(auditEntry('attempt', Date.now(), { ...asked, request }));
  // Every fifth is still under way when the next ones end.
  const ends = index % 5 === 4 ? [] : [request];
  for (const one of ends)
    await (
      await log.append(auditEntry('outcome', Date.now(), { ...asked, request: one, status: 200 }))
    ).durable;
}
