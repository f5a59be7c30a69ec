// What a person is told that a question is about: plainly enough to know which work is meant, and no more of how it was noticed.

import type { DetectorName } from '../detect/detector.ts';

export type AskedAbout = 'chart' | 'charts' | 'downloads' | 'sign-in' | 'emergency' | 'work' | 'looked-at';

const kinds: Readonly<Partial<Record<DetectorName, AskedAbout>>> = {
  'many-patients': 'charts',
  'patients-in-order': 'charts',
  'search-peek': 'charts',
  'no-relationship': 'charts',
  leaver: 'charts',
  'rules-then-access': 'charts',
  'large-transfer': 'downloads',
  'export-burst': 'downloads',
  'print-storm': 'downloads',
  'failed-sign-ins': 'sign-in',
  'dormant-account': 'sign-in',
  'after-termination': 'sign-in',
  'new-network': 'sign-in',
  'new-device': 'sign-in',
  'factor-fatigue': 'sign-in',
  'two-places': 'sign-in',
  'impossible-travel': 'sign-in',
  'emergency-access-often': 'emergency',
  'emergency-same-patient': 'emergency',
};

/** `names` tells whether the alert is about one patient. */
export function askedAbout(detector: DetectorName | null, names: boolean): AskedAbout {
  // A review looks at what was refused and at downloads as well: "opened" would be wrong of many.
  if (detector === null) return 'looked-at';
  return kinds[detector] ?? (names ? 'chart' : 'work');
}
