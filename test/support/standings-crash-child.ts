// A gateway's state that dies between two writes: opens it, puts one standing and waits for the disk, puts another, and
// kills itself. For the test that says how much a crash may lose.

import { systemClock } from '../../src/adapters/clock-system.ts';
import { openEmbeddedState } from '../../src/adapters/embedded-state.ts';
import { FileSealer } from '../../src/adapters/sealer-file.ts';
import { FakeLog } from './fake-ports.ts';
import { sessionOf } from './session-of.ts';

const [directory = ''] = process.argv.slice(2);
const state = await openEmbeddedState({
  directory,
  sealer: new FileSealer(`${directory}/key`),
  clock: systemClock,
  log: new FakeLog(),
  touchStepMilliseconds: 60_000,
  judge: () => ({ standing: 'active' as const, locksAt: 0, endsAt: 0 }),
});
const session = sessionOf('a');
await state.sessions.create(session);
const cookie = (value: string) => [{ name: 's', value, path: '/', expiresAt: null }];
void state.standings.put(session, 'ehr', { generation: 1, standing: 'signed-on', jar: cookie('first'), signedOnAt: 5 });
await state.standings.flush();
void state.standings.put(session, 'ehr', { generation: 2, standing: 'signed-on', jar: cookie('second'), signedOnAt: 6 });
void state.standings.put(session, 'pacs', { generation: 1, standing: 'signed-on', jar: [], signedOnAt: 6 });
process.kill(process.pid, 'SIGKILL');
