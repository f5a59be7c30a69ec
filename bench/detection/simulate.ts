// One simulated clinic through the very detectors of the product, with their usual settings.

import { usualDetectors } from '../../src/core/detect/detector-settings.ts';
import type { Finding } from '../../src/core/detect/detector.ts';
import { Watch } from '../../src/core/detect/watch.ts';
import { began, days, seenOf } from '../../src/simulate/happening.ts';
import { judgedDays, learntDays, simulatedClinic } from '../../src/simulate/simulated-clinic.ts';
import { measure } from './measures.ts';
import type { Measures } from './measures.ts';

export interface Found extends Finding {
  readonly time: number;
  readonly address: string | null;
}

/** The two sites that IT of the simulated clinic would name. */
const places = [
  { name: 'Main street', networks: ['10.20.0.0/16'], latitude: 47.37, longitude: 8.54 },
  { name: 'Hill', networks: ['10.30.0.0/16'], latitude: 46.95, longitude: 7.45 },
];

export function simulate(seed: number): Measures {
  const { happenings, wrongs, people } = simulatedClinic(seed);
  const judgedFrom = began + learntDays * days;
  const watch = new Watch({ ...usualDetectors, 'impossible-travel': { ...usualDetectors['impossible-travel'], places } });
  const found = happenings.flatMap((one, index) =>
    watch.see(seenOf(one, index + 1)).map((finding): Found => ({ ...finding, time: one.time, address: one.address ?? null })),
  );
  return measure(
    found.filter(({ time }) => time >= judgedFrom),
    wrongs,
    people.length,
    judgedDays / 7,
  );
}
