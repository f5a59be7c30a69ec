// A gateway's state that is opened, and by that upgraded, in a process that a test kills.

import { openStateDb } from '../../src/adapters/state-db.ts';

const [directory = ''] = process.argv.slice(2);
process.stdout.write('opening\n');
const db = await openStateDb(directory);
process.stdout.write('open\n');
await db.close();
