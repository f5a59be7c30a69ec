// How often each detector was right, by what reviewers found in the end: of the alerts that they called a violation or a false
// alarm, the share of violations, with Wilson's interval of 95 %. What was justified is neither.

import type { DetectorName } from '../detect/detector.ts';
import type { Disposition } from './case.ts';

/** One case that was disposed of, with the detectors that spoke up. */
export interface Disposed {
  readonly disposition: Disposition;
  readonly detectors: readonly DetectorName[];
}

export interface DetectorPrecision {
  readonly detector: DetectorName;
  readonly counts: Readonly<Record<Disposition, number>>;
  /** Null before a violation or a false alarm was found. */
  readonly precision: { readonly share: number; readonly low: number; readonly high: number } | null;
}

const none: Readonly<Record<Disposition, number>> = { violation: 0, justified: 0, 'false-alarm': 0, unclear: 0 };
/** Of the normal distribution, for 95 %. */
const z = 1.959_964;

/** By name. A case counts once for each detector. */
export function detectorPrecision(cases: readonly Disposed[]): readonly DetectorPrecision[] {
  const counted = new Map<DetectorName, Record<Disposition, number>>();
  for (const { disposition, detectors } of cases) {
    for (const detector of new Set(detectors)) {
      const before = counted.get(detector) ?? none;
      counted.set(detector, { ...before, [disposition]: before[disposition] + 1 });
    }
  }
  return [...counted]
    .map(([detector, counts]) => ({
      detector,
      counts,
      precision: wilson(counts.violation, counts.violation + counts['false-alarm']),
    }))
    .sort((one, other) => (one.detector < other.detector ? -1 : 1));
}

function wilson(right: number, all: number): DetectorPrecision['precision'] {
  if (all === 0) return null;
  const share = right / all;
  const weight = 1 + (z * z) / all;
  const middle = (share + (z * z) / (2 * all)) / weight;
  const spread = (z / weight) * Math.sqrt((share * (1 - share)) / all + (z * z) / (4 * all * all));
  return { share, low: Math.max(0, middle - spread), high: Math.min(1, middle + spread) };
}
