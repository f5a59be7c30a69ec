// The brake on sign-ons while tries are under way: nobody knows yet whether they fail, so no more are made at once than may
// fail, and whoever waits goes on, or is told when to come back.

import { describe, expect, test } from 'vitest';
import { FailureBrake } from '../../src/ehr/failure-brake.ts';
import type { Turn } from '../../src/ehr/failure-brake.ts';

const personOf = (sub: string) => ({ issuer: 'https://idp.example', sub });

function brakeOf(most: number) {
  const clock = { time: 1_000_000, now: () => clock.time };
  const brake = new FailureBrake(most, clock);
  const turn = async (application = 'ehr'): Promise<Turn> => {
    const begun = await brake.begin(application, personOf('turn'));
    return typeof begun === 'number' ? expect.fail(`Paused for ${begun} seconds`) : begun;
  };
  return { clock, brake, turn };
}

/** What a promise has come to once everything that can go on has gone on. */
async function stateOf(promise: Promise<Turn | number>): Promise<'waits' | 'goes on' | number> {
  const settled = await Promise.race([promise, new Promise<null>((resolve) => setImmediate(() => resolve(null)))]);
  if (settled === null) return 'waits';
  return typeof settled === 'number' ? settled : 'goes on';
}

describe('tries under way', () => {
  test('are at most as many as may fail; the next waits for one to end, and another application does not', async () => {
    const { brake, turn } = brakeOf(2);
    const [first] = [await turn(), await turn()];
    const third = brake.begin('ehr', personOf('x'));
    expect(await stateOf(third)).toBe('waits');
    expect(await stateOf(brake.begin('other', personOf('x')))).toBe('goes on');
    first.end(false);
    expect(await stateOf(third)).toBe('goes on');
  });

  test('that fail leave no room: whoever waited is told for how long', async () => {
    const { brake, turn, clock } = brakeOf(2);
    const turns = [await turn(), await turn()];
    const waiting = [brake.begin('ehr', personOf('x')), brake.begin('ehr', personOf('x'))];
    clock.time += 1000;
    turns[0]?.end(true);
    expect(await Promise.all(waiting.map(stateOf))).toEqual(['waits', 'waits']);
    turns[1]?.end(true);
    expect(await Promise.all(waiting)).toEqual([60, 60]);
    clock.time += 60_000;
    expect(await stateOf(brake.begin('ehr', personOf('x')))).toBe('goes on');
  });

  test('take the room that failures of the last minute have left', async () => {
    const { brake, turn } = brakeOf(2);
    brake.failed('ehr', personOf('x'));
    const only = await turn();
    const next = brake.begin('ehr', personOf('x'));
    expect(await stateOf(next)).toBe('waits');
    only.end(false);
    expect(await stateOf(next)).toBe('goes on');
  });

  test('keep nobody for longer than a person waits, and no crowd', async () => {
    const { brake, turn, clock } = brakeOf(1);
    const slow = await turn();
    const waiting = Array.from({ length: 100 }, () => brake.begin('ehr', personOf('x')));
    expect(await brake.begin('ehr', personOf('x'))).toBe(5);
    clock.time += 15_001;
    slow.end(false);
    // The first goes on because there is room; the others have waited long enough.
    const ends = await Promise.all(waiting.map(stateOf));
    expect(ends).toEqual(['goes on', ...Array.from({ length: 99 }, () => 5)]);
  });
});

describe('one person', () => {
  test('counts twice within a minute, by the latest two; the same name at another provider is somebody else', async () => {
    const { brake, clock } = brakeOf(3);
    for (const later of [0, 10_000, 49_000]) {
      clock.time = 1_000_000 + later;
      brake.failed('ehr', personOf('ada'));
    }
    expect(brake.pausedFor('ehr')).toBeNull();
    clock.time = 1_061_000;
    brake.failed('ehr', { issuer: 'https://other.example', sub: 'ada' });
    // Of ada's the one at 10 s and the one at 49 s.
    expect(brake.pausedFor('ehr')).toBe(9);
    clock.time = 1_070_000;
    expect(brake.pausedFor('ehr')).toBeNull();
    await expect(brake.begin('ehr', personOf('ada'))).resolves.toMatchObject({});
  });
});
