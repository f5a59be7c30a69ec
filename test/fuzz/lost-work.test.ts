// The counter of lost work: people who write notes while their sessions lock and end, the network breaks, the gateway and the
// EHR start anew, and somebody else sits down. Afterwards each note is in the chart once, kept for its person, or still in
// their page; everything else is counted, and the count is zero. `npm run soak` plays 500 runs from a new seed each time;
// WARDGATE_LOST_WORK_SEED=n plays the one that failed.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { demoHouse, openEmrHouse } from '../support/lost-work/house.ts';
import type { House } from '../support/lost-work/house.ts';
import { lostWorkRun } from '../support/lost-work/run.ts';

const all = Number(process.env['WARDGATE_LOST_WORK_RUNS'] ?? 24);
const given = process.env['WARDGATE_LOST_WORK_SEED'];
const isSoak = process.env['WARDGATE_LOST_WORK_RUNS'] !== undefined;
const firstSeed = given === undefined ? (isSoak ? Math.floor(Math.random() * 1e9) : 20_261_129) : Number(given);

describe.each([
  ["the demo's EHR", demoHouse, 0.75],
  ['the stand-in for OpenEMR', openEmrHouse, 0.25],
] as const)('lost work in front of %s', (name, open, share) => {
  const runs = Math.round(all * share);
  let house: House;
  beforeAll(async () => {
    house = await open();
  });
  afterAll(async () => house.close());

  test(`is none in ${runs} runs`, { timeout: 60_000 + runs * 15_000 }, async () => {
    const counter = { lost: 0, twice: 0, misfiled: 0, misnamed: 0, seen: 0, saved: 0, kept: 0 };
    const stories: string[] = [];
    for (let run = 0; run < runs; run += 1) {
      const seed = firstSeed + run;
      const told = await lostWorkRun(house, seed);
      counter.saved += told.saved;
      counter.kept += told.kept;
      for (const what of ['lost', 'twice', 'misfiled', 'misnamed', 'seen'] as const) {
        counter[what] += told[what].length;
        for (const one of told[what]) stories.push(`seed ${seed}, ${what}: ${one}\n  ${told.diary.join('\n  ')}`);
      }
    }
    process.stdout.write(`lost work, ${name}: ${JSON.stringify({ runs, seed: firstSeed, ...counter })}\n`);
    expect(stories.slice(0, 5).join('\n\n')).toBe('');
  });
});
