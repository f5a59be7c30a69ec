// What somebody asks of a report in the console, read from the address of the page.

import { fieldOf, readQuery } from '../core/policy/fields.ts';
import type { Period } from '../core/report/report.ts';
import { lastMonth, monthPeriod, spanPeriod, yearsBack } from '../core/report/report-period.ts';
import type { ReportAsks } from '../report-ports.ts';
import type { ReportKind } from '../reports/report-kind.ts';

export const reportForms = ['page', 'html', 'csv', 'json'] as const;
export type AskedForm = (typeof reportForms)[number];

/** As it was filled in; empty where it was not. */
export interface ReportForm {
  readonly month: string;
  readonly from: string;
  readonly to: string;
  readonly person: string;
  readonly patient: string;
  readonly forPatient: boolean;
  readonly seed: string;
  readonly as: AskedForm;
}

/** `field` is the id of the one to blame, where the page shows it. */
export interface AskProblem {
  readonly problem: string;
  readonly field?: string;
}

export type ReadAsks = { readonly asks: ReportAsks } | AskProblem;

const longest = 256;
const mostSeed = 2_147_483_646;

export function readReportForm(query: string | null): ReportForm {
  const fields = readQuery(query, 'java');
  const one = (name: string): string => {
    const reading = fieldOf(fields, name, 'java');
    return reading.kind === 'one' ? reading.value.trim().slice(0, longest) : '';
  };
  return {
    month: one('month'),
    from: one('from'),
    to: one('to'),
    person: one('person'),
    patient: one('patient'),
    forPatient: one('copy') === 'patient',
    seed: one('seed'),
    as: reportForms.find((form) => form === one('as')) ?? 'page',
  };
}

/** Null where nothing was asked yet: the form alone is shown. */
export function isAsked({ month, from, to, person, patient }: ReportForm): boolean {
  return [month, from, to, person, patient].some((field) => field !== '');
}

/** `now` is epoch milliseconds. */
export function asksIn(form: ReportForm, { wants, handedOut, years }: ReportKind, timezone: string, now: number): ReadAsks {
  const period = periodIn(form, timezone, now, years);
  if ('problem' in period) return period;
  if (wants !== null && form[wants] === '') return { problem: `Name a ${wants}.`, field: wants };
  const seed = form.seed === '' ? null : Number(form.seed);
  if (seed !== null && !(Number.isSafeInteger(seed) && seed >= 1 && seed <= mostSeed))
    return { problem: `The seed is a whole number from 1 to ${mostSeed}.` };
  const person = wants === 'person' ? form.person : null;
  const patient = wants === 'patient' ? form.patient : null;
  return { asks: { period, person, patient, forPatient: handedOut === true && form.forPatient, seed } };
}

/** The address of the same report in another form. */
export function reportAddress(kind: string, form: ReportForm, as: AskedForm): string {
  const { forPatient, ...texts } = form;
  const filled = { ...texts, ...(forPatient ? { copy: 'patient' } : {}), as };
  const query = new URLSearchParams(Object.entries(filled).filter(([, value]) => value !== ''));
  return `/.wardgate/console/reports/${kind}?${query.toString()}`;
}

function periodIn({ month, from, to }: ReportForm, timezone: string, now: number, years?: number): Period | AskProblem {
  if (from !== '' || to !== '')
    return spanPeriod(from, to, timezone) ?? problem('from', 'Name two days, such as 2026-10-01 and 2026-10-08.');
  if (month === '') return years === undefined ? lastMonth(now, timezone) : yearsBack(now, years);
  return monthPeriod(month, timezone) ?? problem('month', 'Name a month, such as 2026-10.');
}

function problem(field: string, says: string): AskProblem {
  return { problem: says, field };
}
