// When each detector speaks up. Null turns one off. Times are seconds, sizes bytes.

import type { DetectorName } from './detector.ts';

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
} satisfies DetectorSettings;
