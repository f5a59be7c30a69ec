// What a reviewer asked to see of alerts and cases, read from the address of the page, and the addresses of the pages behind it.

import type { DetectorName } from '../../core/detect/detector.ts';
import { usualDetectors } from '../../core/detect/detector-settings.ts';
import { fieldOf, readQuery } from '../../core/policy/fields.ts';
import { reviewPath } from './review-words.ts';

export const caseStates = ['open', 'closed', 'all'] as const;
/** `review`: what no detector noticed. */
export const noticers = [...(Object.keys(usualDetectors) as DetectorName[]).sort(), 'review'] as const;

const longestName = 256;
const idForm = /^[\w-]{1,64}$/;

/** The fields of the form, as they were filled in; empty where they were not. */
export interface AlertsForm {
  /** Login name. */
  readonly person: string;
  readonly state: (typeof caseStates)[number];
  readonly detector: DetectorName | 'review' | '';
  readonly days: 7 | 30;
  /** The page of alerts before this record. */
  readonly before: number | null;
  /** The page of cases opened before this one. */
  readonly behind: string | null;
}

/** A value that the form does not have asks for nothing. */
export function readAlertsForm(query: string | null): AlertsForm {
  const fields = readQuery(query, 'java');
  const one = (name: string): string => {
    const reading = fieldOf(fields, name, 'java');
    return reading.kind === 'one' ? reading.value.trim() : '';
  };
  const before = Number(one('before'));
  return {
    person: one('person').slice(0, longestName),
    state: caseStates.find((state) => state === one('cases')) ?? 'open',
    detector: noticers.find((name) => name === one('detector')) ?? '',
    days: one('days') === '30' ? 30 : 7,
    before: Number.isSafeInteger(before) && before > 0 ? before : null,
    behind: idForm.test(one('behind')) ? one('behind') : null,
  };
}

/** The same with other pages of its lists, or other fields. */
export function alertsAddress(form: AlertsForm, other: Partial<AlertsForm>): string {
  const { person, state, detector, days, before, behind } = { ...form, ...other };
  const filled = { person, cases: state, detector, days: String(days), before: String(before ?? ''), behind: behind ?? '' };
  return `${reviewPath}?${new URLSearchParams(Object.entries(filled).filter(([, value]) => value !== '')).toString()}`;
}
