// What the privacy officer asked to see, read from the address of the page. Unknown fields are left alone.

import { fieldOf, readQuery } from '../core/policy/fields.ts';
import type { RecordQuery } from '../search-ports.ts';

const longest = 256;
const dayMilliseconds = 86_400_000;
const shows = ['alerts', 'refused', 'observed', 'review', 'asked'] as const;
const spans = [7, 30, 365] as const;

/** The fields of the form, as they were filled in; empty where they were not. */
export interface RecordForm {
  readonly person: string;
  readonly patient: string;
  readonly text: string;
  readonly request: string;
  readonly show: (typeof shows)[number] | '';
  /** Days back; null for everything. */
  readonly days: (typeof spans)[number] | null;
  /** The page behind a record. */
  readonly before: number | null;
}

/** Values are compared exactly; an empty field asks for nothing, and without `days` a week is shown. */
export function readRecordForm(query: string | null): RecordForm {
  const fields = readQuery(query, 'java');
  const one = (name: string): string => {
    const reading = fieldOf(fields, name, 'java');
    return reading.kind === 'one' ? reading.value.trim().slice(0, longest) : '';
  };
  const before = Number(one('before'));
  return {
    person: one('person'),
    patient: one('patient'),
    text: one('text'),
    request: one('request'),
    show: shows.find((choice) => choice === one('show')) ?? '',
    days: one('days') === 'all' ? null : (spans.find((days) => String(days) === one('days')) ?? 7),
    before: Number.isSafeInteger(before) && before > 0 ? before : null,
  };
}

/** `patients` are what records hold for the patient of the form. `now` is epoch milliseconds. A number that was read out is looked for in all of the log. */
export function recordQuery(
  { person, patient, text, request, show, days, before }: RecordForm,
  patients: readonly string[],
  now: number,
): RecordQuery {
  return {
    // An attempt is told by its outcome, and the view itself is one.
    ended: true,
    ...(person === '' ? {} : { person }),
    ...(patient === '' ? {} : { patient: patients }),
    ...(text === '' ? {} : { text }),
    ...(request === '' ? {} : { request }),
    ...shownOnly(show),
    ...(days === null || request !== '' ? {} : { since: now - days * dayMilliseconds }),
    ...(before === null ? {} : { before }),
  };
}

function shownOnly(show: RecordForm['show']): RecordQuery {
  if (show === 'review') return { review: true };
  if (show === 'alerts') return { event: 'alert' };
  if (show === 'asked') return { event: 'access-asked' };
  return show === '' ? {} : { decision: show };
}

/** The address of the page behind this one, or of the first with `before` null. */
export function recordAddress(form: RecordForm, before: number | null): string {
  const { person, patient, text, request, show, days } = form;
  const filled = { person, patient, text, request, show, days: String(days ?? 'all'), before: String(before ?? '') };
  const query = new URLSearchParams(Object.entries(filled).filter(([, value]) => value !== ''));
  return `/.wardgate/console?${query.toString()}`;
}
