// Grows the tree over a finished log in small steps, with a checkpoint after each, until it is killed or done.
// Arguments: directory of the log.

import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { originOf } from '../../src/adapters/audit-checkpoint.ts';
import { AuditFollower, durableSequence } from '../../src/adapters/audit-follow.ts';
import { TreeGrowth } from '../../src/adapters/audit-tree-growth.ts';
import { treeDirectory } from '../../src/adapters/audit-tree-files.ts';

const [, , directory = ''] = process.argv;
const privateKey = createPrivateKey(readFileSync(join(dirname(directory), 'audit-signing.key')));
const key = { privateKey, publicKey: createPublicKey(privateKey) };
const growth = new TreeGrowth(treeDirectory(directory), originOf(key.publicKey), [key.publicKey]);
process.stdout.write(`from ${growth.size}\n`);
const follower = new AuditFollower([directory], growth.size);
for await (const { line, sequence } of follower.read(durableSequence([directory], [key.publicKey]) ?? 0)) {
  growth.add(line.bytes);
  if (sequence % 5 !== 0) continue;
  growth.sign('2026-11-23', key);
  process.stdout.write(`at ${sequence}\n`);
}
process.stdout.write('done\n');
