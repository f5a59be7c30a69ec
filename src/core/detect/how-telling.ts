// How telling an alert of each detector is by itself. Several about one person and day are more than each: the console and the
// measurement of detectors put the most telling first. It is an order of reading, not a probability, and no verdict.

import type { DetectorName } from './detector.ts';
import { isFrequent } from './frequent-alerts.ts';

/**
 * From 0 to 1. Single charts of colleagues, households and confidential patients are a question each, and mostly one with a good
 * answer; what only somebody else's hands, or a machine's, could have done is nearly an answer.
 */
const weightOf: Readonly<Record<DetectorName, number>> = {
  'after-termination': 0.95,
  'sign-in-spray': 0.9,
  'two-places': 0.9,
  'patients-in-order': 0.9,
  'impossible-travel': 0.9,
  'own-chart': 0.9,
  'many-patients': 0.8,
  'large-transfer': 0.8,
  'patient-surge': 0.8,
  'shared-desk': 0.8,
  'unusual-category': 0.8,
  'rules-then-access': 0.8,
  'no-relationship': 0.8,
  'print-storm': 0.7,
  'export-burst': 0.7,
  'factor-fatigue': 0.7,
  'new-network': 0.6,
  'failed-sign-ins': 0.6,
  'emergency-same-patient': 0.6,
  leaver: 0.6,
  'dormant-account': 0.5,
  'emergency-access-often': 0.5,
  'search-peek': 0.5,
  'new-device': 0.5,
  'record-in-doubt': 0.5,
  'clock-jump': 0.5,
  'record-gap': 0.5,
  'record-unanchored': 0.5,
  'after-hours': 0.3,
  'confidential-patient': 0.2,
  colleague: 0.15,
  household: 0.15,
};
const weights: ReadonlyMap<string, number> = new Map(Object.entries(weightOf));
/** One that is frequent here says half of that. */
const whereFrequent = 0.5;
/** Of a detector that an older or newer version knew, and of what a reviewer came upon. */
const ofUnknown = 0.5;

const levels = [
  { from: 0.75, level: 'strong' },
  { from: 0.3, level: 'fair' },
] as const;

export type Telling = (typeof levels)[number]['level'] | 'slight';

/** Of the alerts about one person, or one patient, of one day: from 0 up to 1. */
export function howTelling(alerts: Iterable<{ readonly detector: string | null; readonly words: string }>): number {
  let nothing = 1;
  for (const { detector, words } of alerts) {
    const weight = weights.get(detector ?? '') ?? ofUnknown;
    nothing *= 1 - weight * (isFrequent(words) ? whereFrequent : 1);
  }
  return 1 - nothing;
}

/** Of an alert by itself. */
export function tellingOfOne(alert: { readonly detector: string | null; readonly words: string }): Telling {
  return tellingOf(howTelling([alert]));
}

export function tellingOf(score: number): Telling {
  return levels.find(({ from }) => score >= from)?.level ?? 'slight';
}
