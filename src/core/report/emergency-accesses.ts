// Emergency accesses (break-glass): why each was opened, what was looked at while it was open, and what came of it (45 CFR
// 164.312(a)(2)(ii)).

import { recordsInOrder } from '../audit/record-number.ts';
import type { Told } from './told.ts';
import { whoOf } from './told.ts';

export type EmergencyAccess = {
  readonly time: number;
  readonly person: string | null;
  readonly address: string | null;
  readonly because: string | null;
  /** Minutes it may be used; null where its record does not say. */
  readonly minutes: number | null;
  /** The first patient that was opened under it; null where none was. */
  readonly patient: string | null;
  readonly patients: number;
  readonly pages: number;
  readonly writes: number;
  readonly downloads: number;
  /** Of the same patients by the same person without it: in the time before, and afterwards. */
  readonly before: number;
  readonly after: number;
  /** A reader's help and no verdict. */
  readonly evidence: string;
  readonly grant: string | null;
  readonly record: number;
};

const writing = new Set(['create', 'update', 'delete']);

/** `told`: all that the person of `opened` did around it, in any order; how far before and after is for the caller to say. */
export function emergencyAccess(opened: Told, told: readonly Told[]): EmergencyAccess {
  const theirs = told.filter((one) => isAccess(one) && whoOf(one) === whoOf(opened)).toSorted(recordsInOrder);
  const under = theirs.filter(({ grant }) => grant !== null && grant === opened.grant);
  const patients = [...new Set(under.flatMap(({ patient }) => patient ?? []))];
  const others = theirs.filter(({ grant, patient }) => grant === null && patient !== null && patients.includes(patient));
  const after = others.filter(({ time }) => time >= opened.time);
  const writes = under.filter(wrote).length;
  return {
    time: opened.time,
    person: opened.person,
    address: opened.address,
    because: opened.detail,
    minutes: opened.durationMilliseconds === null ? null : Math.round(opened.durationMilliseconds / 60_000),
    patient: patients[0] ?? null,
    patients: patients.length,
    pages: under.length,
    writes,
    downloads: under.filter(({ download }) => download !== null).length,
    before: others.length - after.length,
    after: after.length,
    evidence: evidenceOf(under.length, writes + after.filter(wrote).length, others.length),
    grant: opened.grant,
    record: opened.sequence,
  };
}

function isAccess({ event, decision }: Told): boolean {
  return (event === 'attempt' || event === 'outcome') && decision !== 'refused';
}

function wrote({ action }: Told): boolean {
  return action !== null && writing.has(action);
}

function evidenceOf(pages: number, writes: number, others: number): string {
  if (pages === 0) return 'nothing was opened under it';
  if (writes > 0) return 'something was written for the patient';
  return others > 0 ? 'the patient was seen by ordinary rules as well' : 'no other access of this person to the patient';
}
