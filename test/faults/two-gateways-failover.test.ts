// Redis fails over to a replica that has not heard of an end: the end was written where nothing is lost, so nobody who was ended
// comes back with the replica, and nobody else goes with the master.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectAccounted } from '../support/accounted.ts';
import { askOnce, AtWork, isOut } from '../support/at-work.ts';
import { keptAt } from '../support/both-at-work.ts';
import { endCommands } from '../support/command.ts';
import { eventually } from '../support/demo-story.ts';
import { requirement } from '../support/requirements.ts';
import { twoGateways } from '../support/two-gateways.ts';
import type { TwoGateways } from '../support/two-gateways.ts';

const available = requirement('postgres').available && requirement('redis').available;
/** Sentinel takes half a second to notice, and some to choose. */
const patience = 30_000;

let two: TwoGateways;
let main = '';

beforeAll(async () => {
  if (!available) return;
  two = await twoGateways({ sentinel: true });
  main = `${two.origin}/main`;
});
afterAll(async () => {
  await endCommands();
  if (available) await two.close();
});

test.skipIf(!available)(
  'the master dies between an end and its replica: who was ended is out, everybody else is in',
  { timeout: 150_000 },
  async () => {
    const nurse = await two.signIn(two.a, 'nurse');
    const leaving = await two.signIn(two.b, 'physician');
    const [atA, atB] = [keptAt(two, two.a, nurse), keptAt(two, two.b, nurse)];
    const left = [keptAt(two, two.a, leaving), keptAt(two, two.b, leaving)];
    for (const one of [atA, atB, ...left])
      await eventually(async () => (await askOnce(one, main)).status === 200, 'their session', patience);
    const working = [new AtWork(atA, main), new AtWork(atB, main)];
    // What the master is told from here on, the replica does not have.
    const trySignOut = async (): Promise<boolean> => {
      two.replicas[0]?.stop();
      const said = await leaving.form(`${two.origin}/.wardgate/sign-out`, {});
      if (said.status !== 503) return true;
      // Without its replica the gateway was not sure of itself any more and refused: nobody was told that they are out.
      two.replicas[0]?.continue();
      await eventually(async () => (await two.b.ready()).status === 200, 'B to be ready again', patience);
      return false;
    };
    await eventually(trySignOut, 'a sign-out within the second in which the gateway is still sure', patience);
    await two.redis.kill();
    two.replicas[0]?.continue();
    const promoted = async () => (await two.replicas[0]?.isMaster()) === true;
    await eventually(promoted, 'the replica to be the master', patience);
    // One replica is asked for, and the new master has none until the old one is back and follows it.
    await two.redis.start();
    for (const one of working) {
      one.take();
      await eventually(
        () => one.told.length > 2 && one.told.slice(-3).every(({ status }) => status === 200),
        'work to go on',
        patience,
      );
    }
    for (const one of left) await isOut(one, main);
    for (const one of working) {
      await one.stop();
      expect(one.told.map(({ status }) => status).filter((status) => status !== 200 && status !== 503)).toEqual([]);
    }
    await expectAccounted(two.ehr.requests(), ...two.auditDirectories);
  },
);
