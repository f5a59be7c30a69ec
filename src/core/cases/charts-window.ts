// How far behind an alert about several patients the charts lie that it is about, as the detectors are set up by default. A clinic
// that looks over another time asks about these all the same: what is listed is what was opened in that time, and no more is said.

import type { CaseAlert } from './case.ts';

const hourMilliseconds = 3_600_000;

const windows: Readonly<Record<string, number>> = {
  'many-patients': hourMilliseconds,
  'patients-in-order': hourMilliseconds / 12,
  'search-peek': hourMilliseconds,
  'rules-then-access': hourMilliseconds,
  'no-relationship': 24 * hourMilliseconds,
  leaver: 24 * hourMilliseconds,
};

/** Milliseconds; null where it is about one patient, or about no charts. */
export function chartsWindow({ detector, patient }: Pick<CaseAlert, 'detector' | 'patient'>): number | null {
  return patient !== null || detector === null ? null : (windows[detector] ?? null);
}
