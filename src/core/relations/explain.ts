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
/** Behind a visit so long there is work with it for the department: results, letters, what is coded and billed. */
const afterVisitDays = 7;

export function explain(relations: Relations, opening: Opening, { days }: ExplainSettings): Explanation {
  const { roster, kinship, schedule } = relations;
  const login = opening.login.toLowerCase();
  const patient = relations.patientOf(opening.patient);
  const member = roster.member(login);
  const behind = kinship.staffBehind(patient);
  if (behind.has(login)) return suspicious('own-chart', 'The chart is their own, by the roster');
  const visits = schedule?.around(patient, opening.day, days) ?? [];
  const around = member === undefined ? none : roster.departmentsAt(member, opening.day);
  const reasons = reasonsFor(opening, login, { member, around }, visits);
  const [reason] = reasons;
  if (behind.size > 0)
    return (
      reasons.find(({ near }) => near) ??
      suspicious('colleague', 'The patient is a colleague of theirs, and no visit with them or their department explains it')
    );
  const home = member === undefined ? null : kinship.sharedHome(member, patient);
  if (home !== null) {
    return (
      reasons.find(({ own }) => own) ??
      suspicious('household', `The patient and they have ${home}, and no visit with them explains it`)
    );
  }
  if (relations.isConfidential(patient)) {
    return (
      reasons.find(({ because, near }) => because !== 'on-duty' || near) ??
      suspicious(
        'confidential-patient',
        'The patient is on the list of confidential patients, and nothing in the schedule explains it',
      )
    );
  }
  if (reason !== undefined) return reason;
  if (schedule === null) return { state: 'unexplained', words: 'No schedule was imported that could explain it' };
  if (!schedule.covers(login, around))
    return { state: 'unexplained', words: 'Nothing explains it; neither they nor their department stand in the schedule' };
  const words = `No appointment or encounter of the patient with them or their department within ${days} days`;
  return suspicious('no-relationship', words);
}

type Explained = Extract<Explanation, { state: 'explained' }>;

interface Worker {
  readonly member: Member | undefined;
  /** Departments they belong to, or have shifts in around that day. */
  readonly around: ReadonlySet<string>;
}

/** What speaks for it, the firmest first. `visits` are in the window, the nearest first. */
function reasonsFor(opening: Opening, login: string, { member, around }: Worker, visits: readonly Visit[]): readonly Explained[] {
  const reasons: Explained[] = [];
  const isNear = (visit: Visit): boolean => isOfThoseDays(visit, opening.day);
  // One of these days says more than one that is nearer, and still to come.
  const best = (fits: (visit: Visit) => boolean): Visit | undefined =>
    visits.find((visit) => fits(visit) && isNear(visit)) ?? visits.find(fits);
  const own = visits.find(({ seenBy }) => seenBy.has(login));
  if (own !== undefined) {
    const words = `Appointment ${atTime(own)} with ${member?.name ?? own.clinician}`;
    reasons.push({ ...explainedBy('own-appointment', words, isNear(own)), own: own.distance <= visitDays });
  }
  const theirs = best(({ department }) => department !== null && member?.departments.has(department) === true);
  if (theirs !== undefined) {
    const words = `Their department, ${theirs.department}, has an appointment with the patient ${atTime(theirs)}`;
    reasons.push(explainedBy('department-encounter', words, isNear(theirs)));
  }
  if (opening.wroteBefore) reasons.push(explainedBy('own-note', 'They wrote into this chart before', false));
  const ward = best(({ department }) => department !== null && around.has(department));
  if (ward !== undefined) {
    const words = `By the roster they are on duty in ${ward.department} these days, where the patient has an appointment`;
    reasons.push(explainedBy('on-duty', words, isNear(ward)));
  }
  return reasons;
}

function isOfThoseDays({ distance, day }: Visit, opened: string): boolean {
  return distance <= (day < opened ? afterVisitDays : visitDays);
}

function atTime({ day, minute }: Visit): string {
  return minute === null ? `on ${day}` : `on ${writeWallTime(day, minute).replace('T', ' at ')}`;
}

function explainedBy(because: ExplainedBy, words: string, near: boolean): Explained {
  return { state: 'explained', because, own: false, near, words };
}

function suspicious(because: SuspiciousBecause, words: string): Explanation {
  return { state: 'suspicious', because, words };
}

const none: ReadonlySet<string> = new Set();
