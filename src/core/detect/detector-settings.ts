// When each detector speaks up. Null turns one off. Times are seconds, sizes bytes.

import type { DetectorName } from './detector.ts';
import type { Place } from './place.ts';

export interface DetectorSettings extends Readonly<Record<DetectorName, object | null>> {
  readonly 'failed-sign-ins': { readonly attempts: number; readonly withinSeconds: number } | null;
  readonly 'sign-in-spray': { readonly people: number; readonly withinSeconds: number } | null;
  readonly 'many-patients': { readonly moreThan: number } | null;
  readonly 'after-hours': { readonly usualFromDays: number } | null;
  readonly 'large-transfer': { readonly atLeastBytes: number; readonly timesUsual: number } | null;
  readonly 'two-places': { readonly withinSeconds: number } | null;
  readonly 'patient-surge': { readonly people: number; readonly withinSeconds: number } | null;
  readonly 'dormant-account': { readonly afterSeconds: number } | null;
  readonly 'after-termination': object | null;
  readonly 'new-network': { readonly afterSignIns: number } | null;
  readonly 'emergency-access-often': { readonly times: number; readonly withinSeconds: number } | null;
  readonly 'record-in-doubt': object | null;
  readonly 'own-chart': object | null;
  readonly colleague: object | null;
  readonly household: object | null;
  readonly 'confidential-patient': object | null;
  readonly 'no-relationship': { readonly patients: number; readonly withinSeconds: number } | null;
  readonly leaver: { readonly moreThan: number; readonly atLeastBytes: number; readonly beforeSeconds: number } | null;
  readonly 'patients-in-order': { readonly charts: number; readonly withinSeconds: number } | null;
  readonly 'search-peek': { readonly times: number; readonly withinSeconds: number; readonly lookSeconds: number } | null;
  readonly 'shared-desk': { readonly times: number; readonly withinSeconds: number } | null;
  readonly 'factor-fatigue': { readonly attempts: number; readonly withinSeconds: number } | null;
  readonly 'impossible-travel': { readonly kilometresPerHour: number; readonly places: readonly Place[] } | null;
  readonly 'new-device': { readonly afterSignIns: number } | null;
  readonly 'unusual-category': { readonly onceIn: number } | null;
  readonly 'emergency-same-patient': { readonly times: number; readonly withinSeconds: number } | null;
  readonly 'print-storm': { readonly prints: number; readonly withinSeconds: number } | null;
  readonly 'export-burst': { readonly moreThan: number; readonly withinSeconds: number } | null;
  readonly 'rules-then-access': { readonly withinSeconds: number } | null;
  readonly 'clock-jump': { readonly bySeconds: number } | null;
  readonly 'record-gap': { readonly longerThanSeconds: number } | null;
  readonly 'record-unanchored': { readonly afterSeconds: number } | null;
}

const quarterHour = 15 * 60;
const day = 86_400;

/** What holds where IT says nothing. */
export const usualDetectors = {
  'failed-sign-ins': { attempts: 5, withinSeconds: quarterHour },
  'sign-in-spray': { people: 10, withinSeconds: quarterHour },
  'many-patients': { moreThan: 20 },
  'after-hours': { usualFromDays: 2 },
  'large-transfer': { atLeastBytes: 100_000_000, timesUsual: 10 },
  'two-places': { withinSeconds: 60 },
  'patient-surge': { people: 8, withinSeconds: day },
  'dormant-account': { afterSeconds: 30 * day },
  'after-termination': {},
  'new-network': { afterSignIns: 5 },
  'emergency-access-often': { times: 3, withinSeconds: 7 * day },
  'record-in-doubt': {},
  'own-chart': {},
  colleague: {},
  household: {},
  'confidential-patient': {},
  'no-relationship': { patients: 5, withinSeconds: day },
  leaver: { moreThan: 10, atLeastBytes: 50_000_000, beforeSeconds: 30 * day },
  'patients-in-order': { charts: 8, withinSeconds: 300 },
  'search-peek': { times: 6, withinSeconds: 3600, lookSeconds: 10 },
  'shared-desk': { times: 2, withinSeconds: 5 },
  'factor-fatigue': { attempts: 4, withinSeconds: 600 },
  'impossible-travel': { kilometresPerHour: 150, places: [] },
  'new-device': { afterSignIns: 10 },
  'unusual-category': { onceIn: 1000 },
  'emergency-same-patient': { times: 2, withinSeconds: 7 * day },
  'print-storm': { prints: 20, withinSeconds: 600 },
  'export-burst': { moreThan: 3, withinSeconds: 600 },
  'rules-then-access': { withinSeconds: 3600 },
  'clock-jump': { bySeconds: 60 },
  'record-gap': { longerThanSeconds: 300 },
  'record-unanchored': { afterSeconds: day },
} satisfies DetectorSettings;
