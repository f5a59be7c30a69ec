// What stands in the charts: two dozen patients have a history, the others only their registration. Notes can be added
// and are forgotten when the EHR stops; everything else never changes.

import { findPatient } from './patients.ts';

export interface Vitals {
  readonly date: string;
  readonly bloodPressure: string;
  readonly pulse: number;
  readonly temperature: string;
  readonly weight: string;
}

export interface Note {
  readonly date: string;
  readonly by: string;
  readonly text: string;
}

/** `doc` counts from 1 within its patient. */
export interface ChartDocument {
  readonly doc: number;
  readonly title: string;
  readonly date: string;
  readonly lines: readonly string[];
}

/** Patients 1 to this number have a full chart. */
const FULL_CHARTS = 24;

/** Pictures per patient, numbered from 1; number 0 is the portrait nobody ever took. */
export const IMAGES_PER_PATIENT = 3;

const MAX_NOTES_PER_PATIENT = 200;
const MAX_NOTE_CHARACTERS = 10_000;

const allergies = [
  'Penicillin (rash)',
  'Latex (hives)',
  'Peanuts (anaphylaxis)',
  'Iodine contrast (nausea)',
  'Bee venom (swelling)',
];
const problems = ['Essential hypertension', 'Type 2 diabetes', 'Seasonal asthma', 'Migraine', 'Knee arthrosis', 'Hypothyroidism'];
const letters = ['Laboratory report', 'Discharge summary', 'Referral letter', 'Imaging report'];

export function allergiesOf(pid: number): readonly string[] {
  return pid > FULL_CHARTS ? [] : choose(allergies, pid, pid % 4 === 0 ? 2 : 1);
}

export function problemsOf(pid: number): readonly string[] {
  return pid > FULL_CHARTS ? [] : choose(problems, pid, 1 + (pid % 3));
}

/** Newest first. */
export function vitalsOf(pid: number): readonly Vitals[] {
  if (pid > FULL_CHARTS) return [];
  return [0, 1, 2].map((visit) => ({
    date: `200${9 - visit}-0${1 + ((pid + visit) % 9)}-1${pid % 10}`,
    bloodPressure: `${112 + ((pid * 7 + visit * 5) % 38)}/${68 + ((pid * 3 + visit) % 22)}`,
    pulse: 58 + ((pid * 5 + visit * 3) % 34),
    temperature: `${(97.4 + ((pid + visit) % 14) / 10).toFixed(1)} F`,
    weight: `${128 + ((pid * 9) % 90) - visit * 2} lb`,
  }));
}

/** Everybody has at least the registration form. */
export function documentsOf(pid: number): readonly ChartDocument[] {
  const titles = ['Registration form', ...(pid > FULL_CHARTS ? [] : choose(letters, pid, 2 + (pid % 2)))];
  return titles.map((title, index) => ({
    doc: index + 1,
    title,
    date: `2009-0${1 + ((pid + index) % 9)}-2${pid % 8}`,
    lines: documentLines(pid, title),
  }));
}

/** The only part of the charts that people change. */
export class ChartNotes {
  readonly #notes = new Map<number, Note[]>();

  /** Newest first. */
  of(pid: number): readonly Note[] {
    return this.#notes.get(pid) ?? firstNotes(pid);
  }

  /** Keeps the newest notes up to the limit; a longer text is cut. */
  add(pid: number, by: string, text: string): void {
    const note = { date: new Date().toISOString().slice(0, 16).replace('T', ' '), by, text: text.slice(0, MAX_NOTE_CHARACTERS) };
    this.#notes.set(pid, [note, ...this.of(pid)].slice(0, MAX_NOTES_PER_PATIENT));
  }
}

function firstNotes(pid: number): readonly Note[] {
  if (pid > FULL_CHARTS) return [];
  const main = problemsOf(pid)[0] ?? 'routine check';
  return [
    {
      date: '2009-06-12 10:20',
      by: 'Dr. Paula Examplar',
      text: `Follow-up for ${main.toLowerCase()}. Stable, continue as before.`,
    },
    { date: '2009-03-04 08:45', by: 'Noah Madeup', text: 'Patient feels well. Vitals taken, see table.' },
  ];
}

function documentLines(pid: number, title: string): readonly string[] {
  const patient = findPatient(pid);
  return [
    title,
    '',
    `Patient: ${patient?.givenName ?? ''} ${patient?.familyName ?? ''}   Record: ${patient?.mrn ?? ''}   Born: ${patient?.born ?? ''}`,
    '',
    'This document was made up for a demonstration. It describes nobody.',
    ...problemsOf(pid).map((problem) => `Known problem: ${problem}`),
    ...allergiesOf(pid).map((allergy) => `Known allergy: ${allergy}`),
  ];
}

function choose(list: readonly string[], from: number, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => list[(from + index) % list.length] ?? '');
}
