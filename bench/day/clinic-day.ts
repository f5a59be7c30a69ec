// A day of a clinic as records: people of several roles on their shifts, their patients, refusals, exports, emergencies. The
// same seed gives the same day. Made for measuring and for counting what a search must find; nobody in it is real.

import { auditEntry } from '../../src/core/audit/entry.ts';
import type { AuditEntry } from '../../src/core/audit/entry.ts';

export interface DayOptions {
  /** Midnight UTC of the day, epoch milliseconds. */
  readonly began: number;
  readonly people: number;
  readonly patients: number;
  /** Each is an attempt and an outcome, or a refusal. */
  readonly requests: number;
  readonly seed: number;
  readonly tokenOf: (id: string) => string;
}

interface Person {
  readonly subject: { readonly issuer: string; readonly sub: string; readonly name: string };
  readonly role: string;
  readonly address: string;
  /** Hour of the day at which a shift of ten hours begins. */
  readonly begins: number;
  /** Those on their list. */
  readonly firstPatient: number;
}

const roles = ['physician', 'nurse', 'nurse', 'nurse', 'front-desk', 'front-desk', 'records', 'billing'] as const;
const shifts = [6, 7, 7, 8, 8, 9, 14, 13];
const shiftHours = 10;
const listed = 40;
const pages = 240;

/** Chance that is the same every time. */
function chanceOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

export function peopleOf({ people, patients }: Pick<DayOptions, 'people' | 'patients'>): readonly Person[] {
  return Array.from({ length: people }, (_none, at) => ({
    subject: { issuer: 'https://login.example', sub: `sub-${at}`, name: `person${at}` },
    role: roles[at % roles.length] ?? 'nurse',
    address: `10.20.${at % 8}.${1 + (at % 250)}`,
    begins: shifts[at % shifts.length] ?? 8,
    firstPatient: (at * 61) % patients,
  }));
}

/** In the order of time, as the gateway writes them: an outcome some requests behind its attempt. */
export function* dayOf(options: DayOptions): Generator<AuditEntry> {
  const { began, requests, seed } = options;
  const chance = chanceOf(seed);
  const people = peopleOf(options);
  const hourly = people.reduce<Person[][]>(
    (hours, person) => hours.map((all, hour) => (isOnShift(person, hour) ? [...all, person] : all)),
    Array.from({ length: 24 }, () => []),
  );
  const atWork = hourly.reduce((sum, { length }) => sum + Math.max(1, length), 0);
  let number = 0;
  let open: AuditEntry[] = [];
  for (const [hour, present] of hourly.entries()) {
    const share = Math.round((requests * Math.max(1, present.length)) / atWork);
    const count = hour === 23 ? requests - number : Math.min(share, requests - number);
    for (let at = 0; at < count; at += 1) {
      const time = began + Math.floor((hour + at / count) * 3_600_000);
      const of = present.length === 0 ? people : present;
      const person = of[Math.floor(chance() * of.length)] ?? people[0];
      if (person === undefined) return;
      const entries = requestOf(options, person, number, time, chance);
      number += 1;
      const [first, outcome] = entries;
      yield first;
      if (outcome !== undefined) open.push(outcome);
      if (open.length > 24) yield* open.splice(0, 12);
    }
    // Nothing of an hour ends in the next: what a search finds by hour can be counted beforehand.
    yield* open;
    open = [];
  }
}

function isOnShift({ begins }: Person, hour: number): boolean {
  return hour >= begins && hour < begins + shiftHours;
}

function requestOf(
  { patients, tokenOf }: DayOptions,
  person: Person,
  number: number,
  time: number,
  chance: () => number,
): readonly [AuditEntry, AuditEntry?] {
  const isOnList = chance() < 0.9;
  const patient = isOnList ? (person.firstPatient + Math.floor(chance() * listed)) % patients : Math.floor(chance() * patients);
  const page = Math.floor(chance() * pages);
  const luck = chance();
  const isExport = luck < 0.004;
  const token = tokenOf(String(patient));
  const common = {
    request: `day-${number.toString(36)}`,
    subject: person.subject,
    roles: [person.role],
    session: `session-${person.subject.sub}`,
    factor: 'totp',
    address: person.address,
    application: 'ehr',
    method: luck > 0.85 ? 'POST' : 'GET',
    target: isExport ? `/openemr/export.php?pid=-` : `/openemr/interface/patient_file/page${page}.php?pid=-&set=-`,
    patient: token,
    patientSource: 'query',
    category: isExport ? 'export' : 'chart',
    action: luck > 0.85 ? 'update' : 'read',
    rule: isExport ? 'exports' : `charts-${page % 6}`,
  } as const;
  if (luck > 0.985)
    return [auditEntry('refusal', time, { ...common, decision: 'refused', reason: 'role-not-permitted', status: 403 })];
  const grant = luck > 0.98 && luck < 0.9805 ? { grant: `grant-${number}` } : {};
  const attempt = auditEntry('attempt', time, { ...common, ...grant, decision: 'allowed' });
  const done = { status: 200, bytesIn: 420, bytesOut: isExport ? 4_000_000 : 9000, durationMilliseconds: 30 };
  return [attempt, auditEntry('outcome', time + 30, { ...common, ...grant, decision: 'allowed', ...done })];
}
