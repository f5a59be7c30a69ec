// Whether one opening of a chart is explained. The rules are few, written by hand, and stand here in their order; the first that
// holds is the answer. What speaks against an opening comes before what speaks for it, and how much is needed to speak for it
// follows from what speaks against it.

import type { Explanation, ExplainedBy, SuspiciousBecause } from './explanation.ts';
import type { Relations } from './relations.ts';
import type { Member } from './roster.ts';
import type { Visit } from './schedule.ts';
import { writeWallTime } from './wall-time.ts';

/** `day` and `minute` are on the clinic's clock. */
export interface Opening {
  readonly login: string;
  readonly patient: string;
  readonly day: string;
  readonly minute: number;
  /** Whether the same person wrote into this chart within the window before. */
  readonly wroteBefore: boolean;
}

export interface ExplainSettings {
  /** Either way from the opening. */
  readonly days: number;
}

/** An appointment so near is the visit itself: its preparation, or what is written up the day after. */
const visitDays = 1;

export function explain(relations: Relations, opening: Opening, { days }: ExplainSettings): Explanation {
  const { roster, kinship, schedule } = relations;
  const login = opening.login.toLowerCase();
  const patient = relations.patientOf(opening.patient);
  const member = roster.member(login);
  const behind = kinship.staffBehind(patient);
  if (behind.has(login)) return suspicious('own-chart', 'The chart is their own, by the roster');
  const visits = schedule?.around(patient, opening.day, days) ?? [];
  const reasons = reasonsFor(opening, login, member, visits);
  const [reason] = reasons;
  const visit = reasons.find(({ isVisit }) => isVisit);
  if (behind.size > 0)
    return (
      visit?.explained ??
      suspicious('colleague', 'The patient is a colleague of theirs, and no visit with them or their department explains it')
    );
  const home = member === undefined ? null : kinship.sharedHome(member, patient);
  if (home !== null) {
    const own = reasons.find(({ explained }) => explained.own);
    return own?.explained ?? suspicious('household', `The patient and they have ${home}, and no visit with them explains it`);
  }
  if (relations.isConfidential(patient)) {
    const firm = reasons.find(({ explained }) => explained.because !== 'on-duty');
    return (
      firm?.explained ??
      suspicious(
        'confidential-patient',
        'The patient is on the list of confidential patients, and nothing in the schedule explains it',
      )
    );
  }
  if (reason !== undefined) return reason.explained;
  if (schedule === null) return { state: 'unexplained', words: 'No schedule was imported that could explain it' };
  if (!schedule.covers(login, member?.departments ?? none))
    return { state: 'unexplained', words: 'Nothing explains it; neither they nor their department stand in the schedule' };
  const words = `No appointment or encounter of the patient with them or their department within ${days} days`;
  return suspicious('no-relationship', words);
}

interface Reason {
  readonly explained: Extract<Explanation, { state: 'explained' }>;
  /** By a visit with the person or their department on that day or one beside it. */
  readonly isVisit: boolean;
}

/** What speaks for it, the firmest first. `visits` are in the window, the nearest first. */
function reasonsFor(opening: Opening, login: string, member: Member | undefined, visits: readonly Visit[]): readonly Reason[] {
  const reasons: Reason[] = [];
  const own = visits.find(({ seenBy }) => seenBy.has(login));
  if (own !== undefined) {
    const near = own.distance <= visitDays;
    const words = `Appointment ${atTime(own)} with ${member?.name ?? own.clinician}`;
    reasons.push({ explained: explained('own-appointment', words, near), isVisit: near });
  }
  const theirs = visits.find(({ department }) => department !== null && member?.departments.has(department) === true);
  if (theirs !== undefined) {
    const words = `Their department, ${theirs.department}, has an appointment with the patient ${atTime(theirs)}`;
    reasons.push({ explained: explained('department-encounter', words), isVisit: theirs.distance <= visitDays });
  }
  if (opening.wroteBefore)
    reasons.push({ explained: explained('own-note', 'They wrote into this chart before'), isVisit: false });
  const ward = onDuty(opening, member, visits);
  if (ward !== null) {
    const words = `By the roster they are on duty in ${ward}, where the patient has an appointment`;
    reasons.push({ explained: explained('on-duty', words), isVisit: false });
  }
  return reasons;
}

/** The department in which they have their shift now, where the patient belongs there. */
function onDuty({ day, minute }: Opening, member: Member | undefined, visits: readonly Visit[]): string | null {
  const now = writeWallTime(day, minute);
  const shift = member?.shifts.find(
    ({ from, to, department }) =>
      from <= now && now < to && visits.some((visit) => department !== null && visit.department === department),
  );
  return shift?.department ?? null;
}

function atTime({ day, minute }: Visit): string {
  return minute === null ? `on ${day}` : `on ${writeWallTime(day, minute).replace('T', ' at ')}`;
}

function explained(because: ExplainedBy, words: string, own = false): Reason['explained'] {
  return { state: 'explained', because, own, words };
}

function suspicious(because: SuspiciousBecause, words: string): Explanation {
  return { state: 'suspicious', because, words };
}

const none: ReadonlySet<string> = new Set();
