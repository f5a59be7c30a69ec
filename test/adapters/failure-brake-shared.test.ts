// The brake on sign-ons over several gateways: no more fail in a minute than at one gateway, whoever tries where, and an
// account that the EHR refused at one is tried at none.

import { expect, test } from 'vitest';
import { forgiveAccounts, SharedFailureBrake } from '../../src/adapters/failure-brake-shared.ts';
import type { StateDb } from '../../src/adapters/state-db.ts';
import { Fault } from '../../src/core/faults.ts';
import type { SignOnBrake, SignOnTry } from '../../src/ehr-ports.ts';
import { FakeClock, FakeLog } from '../support/fake-ports.ts';
import { onEachEngine, openStateDb } from '../support/state-engines.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const personOf = (sub: string) => ({ issuer: 'https://idp.example', sub });

async function setUp(mostPerMinute = 2) {
  const real = await openStateDb(temporaryDirectory());
  const [clock, log] = [new FakeClock(), new FakeLog()];
  const disk = { broken: false };
  const db: StateDb = {
    run: async (name, statements) =>
      disk.broken ? Promise.reject(new Fault('session-store-unavailable')) : real.run(name, statements),
    close: async () => real.close(),
  };
  const open = async () => {
    await forgiveAccounts(db);
    return new SharedFailureBrake({ db, clock, log, mostPerMinute });
  };
  return { clock, disk, log, db, open, one: await open(), two: await open(), stop: async () => real.close() };
}

async function tryAt(brake: SignOnBrake, sub: string, application = 'ehr'): Promise<SignOnTry> {
  const begun = await brake.begin(application, personOf(sub));
  return typeof begun === 'number' ? expect.fail(`Paused for ${begun} seconds`) : begun;
}

onEachEngine(() => {
  test('failures at both gateways count together, and pause both', async () => {
    const { clock, one, two, stop } = await setUp();
    await (await tryAt(one, 'a')).end(true);
    clock.advance(1000);
    expect(await two.pausedFor('ehr')).toBeNull();
    await (await tryAt(two, 'b')).end(true);
    expect([await one.pausedFor('ehr'), await two.begin('ehr', personOf('c'))]).toEqual([59, 59]);
    expect(await one.pausedFor('other')).toBeNull();
    clock.advance(59_000);
    await (await tryAt(one, 'c')).end(false);
    await stop();
  });

  test('tries under way at one leave no room at the other until their end is known', async () => {
    const { one, two, stop } = await setUp();
    const under = [await tryAt(one, 'a'), await tryAt(one, 'b')];
    const waits = two.begin('ehr', personOf('c'));
    await (await tryAt(two, 'c', 'other')).end(false);
    await under[0]?.end(false);
    expect(await waits).toMatchObject({ end: expect.any(Function) as unknown });
    await stop();
  });

  test('many at once are no more than may fail', async () => {
    const { one, two, stop } = await setUp(5);
    const begun = Array.from({ length: 12 }, (_, at) => (at % 2 === 0 ? one : two).begin('ehr', personOf(`p${at}`)));
    // Whoever is let in fails; the others are told to come back, because nobody is left to wait for.
    const ends = await Promise.all(
      begun.map(async (turn) => {
        const tried = await turn;
        if (typeof tried === 'number') return tried;
        await tried.end(true);
        return 'tried';
      }),
    );
    expect(ends.filter((end) => end === 'tried')).toHaveLength(5);
    expect(ends.filter((end) => end !== 'tried')).toEqual(Array.from({ length: 7 }, () => 60));
    await stop();
  });

  test('whoever waits too long is told to come back soon', async () => {
    const { clock, one, two, stop } = await setUp(1);
    await tryAt(one, 'a');
    const waits = two.begin('ehr', personOf('b'));
    await two.pausedFor('ehr');
    clock.advance(15_001);
    expect(await waits).toBe(5);
    await stop();
  });

  test('one person alone pauses nobody, at whichever gateways they mistype', async () => {
    const { one, two, stop } = await setUp(3);
    for (const brake of [one, two, one, two]) await (await tryAt(brake, 'a')).end(true);
    await one.failed('ehr', personOf('a'));
    expect(await two.pausedFor('ehr')).toBeNull();
    await two.failed('ehr', personOf('b'));
    expect(await one.pausedFor('ehr')).toBe(60);
    await stop();
  });

  test('an account that was refused at one is tried at none, until the next start of a gateway', async () => {
    const { one, two, open, stop } = await setUp();
    await one.refuse('ehr', 'ward');
    await two.refuse('ehr', 'ward');
    expect([await one.isRefused('ehr', 'ward'), await two.isRefused('ehr', 'ward')]).toEqual([true, true]);
    expect([await two.isRefused('ehr', 'other'), await two.isRefused('pacs', 'ward')]).toEqual([false, false]);
    expect(await (await open()).isRefused('ehr', 'ward')).toBe(false);
    await stop();
  });

  test('without the database nobody is signed on, and a try whose end cannot be written counts as failed', async () => {
    const { disk, log, one, two, stop } = await setUp(1);
    const under = await tryAt(one, 'a');
    disk.broken = true;
    await under.end(false);
    await one.refuse('ehr', 'ward');
    await expect(two.begin('ehr', personOf('b'))).rejects.toMatchObject({ code: 'session-store-unavailable' });
    expect(await one.isRefused('ehr', 'ward')).toBe(true);
    expect(log.said).toHaveLength(2);
    await stop();
  });
});
