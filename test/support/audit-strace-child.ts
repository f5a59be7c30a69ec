// A process that makes ten records durable one after another, waiting out an outage, and says so.

import { attempt, openTestLog, until } from './audit-log.ts';

const [directory = ''] = process.argv.slice(2);
const log = await openTestLog(directory);
let durable = 0;
while (durable < 10) {
  await until(() => log.available);
  const receipt = await log.append(attempt(String(durable)));
  await receipt.durable;
  durable += 1;
}
await log.close();
process.stdout.write(`${durable} durable\n`);
