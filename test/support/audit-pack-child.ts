// Packs the segments that are named, one after the other, until it is killed or done. Arguments: directory of the log, names.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packSegment } from '../../src/adapters/audit-pack.ts';

const [, , directory = '', ...names] = process.argv;
for (const name of names) {
  process.stdout.write(`${name}\n`);
  if (existsSync(join(directory, name))) await packSegment(directory, name);
}
process.stdout.write('done\n');
