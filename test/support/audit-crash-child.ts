// A process that appends to an audit log and acknowledges every receipt on its standard output, until it is killed.

import { openTestLog, attempt } from './audit-log.ts';

const [directory = '', boot = ''] = process.argv.slice(2);
const log = await openTestLog(directory, { boot });

async function appendForEver(lane: number): Promise<void> {
  for (let index = 0; ; index += 1) {
    const receipt = await log.append(attempt(`${lane}-${index}`));
    process.stdout.write(`${receipt.sequence}\n`);
    if (index % 7 === 0) await receipt.durable;
  }
}

await Promise.all([0, 1, 2, 3, 4].map((lane) => appendForEver(lane)));
