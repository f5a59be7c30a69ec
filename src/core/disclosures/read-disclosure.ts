// Reads what somebody wrote of a disclosure: at the download, on the console's form, or behind a command. Says which field is wrong
// and how, in a word that the page or the command puts into a sentence.

import { isBasis } from './disclosure.ts';
import type { Disclosure } from './disclosure.ts';

/** Characters of each text, and patients that one disclosure may name. */
export const mostDisclosed = {
  recipient: 200,
  address: 300,
  description: 500,
  purpose: 500,
  patients: 100,
  patient: 64,
} as const;

export type DisclosureField = 'recipient' | 'address' | 'description' | 'purpose' | 'basis' | 'patients' | 'count';

export type ReadDisclosure =
  | { readonly ok: true; readonly disclosure: Disclosure; readonly patients: readonly string[] }
  | { readonly ok: false; readonly field: DisclosureField; readonly wrong: 'missing' | 'too-long' | 'unknown' };

/** What was filled in; a field that is not there was not asked for. */
export type WrittenDisclosure = Readonly<Partial<Record<DisclosureField, string>>>;

const texts = ['recipient', 'address', 'description', 'purpose'] as const;

/** `named`: the patient is known from elsewhere, and nobody need name one. */
export function readDisclosure(written: WrittenDisclosure, named: boolean): ReadDisclosure {
  const read = { recipient: '', address: '', description: '', purpose: '' };
  for (const field of texts) {
    read[field] = oneLine(written[field]);
    if (read[field] === '' && field !== 'address') return wrong(field, 'missing');
    if (read[field].length > mostDisclosed[field]) return wrong(field, 'too-long');
  }
  const basis = written.basis ?? '';
  if (basis === '') return wrong('basis', 'missing');
  if (!isBasis(basis)) return wrong('basis', 'unknown');
  const patients = named ? [] : idsIn(written.patients ?? '');
  if (patients.length > mostDisclosed.patients || patients.some((id) => id.length > mostDisclosed.patient))
    return wrong('patients', 'too-long');
  const count = named || patients.length > 0 ? null : countIn(written.count ?? '');
  if (count === 0) return wrong('count', 'unknown');
  if (!named && patients.length === 0 && count === null) return wrong('patients', 'missing');
  return { ok: true, disclosure: { ...read, address: read.address === '' ? null : read.address, basis, count }, patients };
}

/** Line breaks would forge lines of an accounting. */
function oneLine(text = ''): string {
  return text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
}

/** One a line, or with commas between. */
function idsIn(text: string): readonly string[] {
  return [...new Set(text.split(/[\s,;]+/).filter((id) => id !== ''))];
}

/** Null where nothing is said; 0 where it is no number of patients. */
function countIn(text: string): number | null {
  const digits = text.trim();
  if (digits === '') return null;
  return /^[1-9]\d{0,6}$/.test(digits) ? Number(digits) : 0;
}

function wrong(field: DisclosureField, what: 'missing' | 'too-long' | 'unknown'): ReadDisclosure {
  return { ok: false, field, wrong: what };
}
