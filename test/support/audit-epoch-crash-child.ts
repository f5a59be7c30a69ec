// Lives through three days in one process: records, looks, hands the key over, and says each step, until it is killed or done.
// Arguments: directory of the log, its anchor, epoch milliseconds of the first day.

import { dirname, join } from 'node:path';
import { AuditTree } from '../../src/adapters/audit-tree.ts';
import { openTestLog } from './audit-log.ts';
import { inDirectory } from './audit-tree.ts';
import { DayClock, day, epochLogOf, recorded } from './epoch-days.ts';

const [, , directory = '', anchor = '', from = ''] = process.argv;
const clock = Object.assign(new DayClock(), { at: Number(from) });
const say = (word: string): void => void process.stdout.write(`${word}\n`);
const log = await openTestLog(directory, { boot: String(process.pid), clock });
const asked = epochLogOf(log, clock.now);
const tree = new AuditTree(
  { directories: [directory], signingKeyFile: join(dirname(directory), 'audit-signing.key'), ...inDirectory(anchor) },
  clock,
  {
    append: async (event, detail) => {
      say(`asked ${event}`);
      await asked.append(event, detail);
      say(`wrote ${event}`);
    },
    signWithNext: async () => {
      say('sign');
      await asked.signWithNext();
      say('signed');
    },
  },
);
for (let days = 0; days < 3; days += 1) {
  clock.at += day;
  await recorded(log, clock.at, '7');
  say(`at ${clock.at}`);
  for (let look = 0; look < 6; look += 1) {
    clock.at += 10_000;
    await tree.look();
  }
  say('looked');
}
await log.close();
await tree.look(true);
