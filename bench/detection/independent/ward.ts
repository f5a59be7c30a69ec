// A second made-up place, from other assumptions than `src/simulate`: a small hospital that never closes, where thirty people
// rotate through three shifts, beds decide who opens whose chart, and work comes in rounds instead of at random. It shares no
// code with the other one, so that a detector which fits only that one's habits fails here.

import type { Seen, SeenPerson } from '../../../src/core/detect/seen.ts';

export interface WardCase {
  readonly name: string;
  /** Key of the person, or the patient, of whom somebody must be told; null: of whomever. */
  readonly about: string | null;
  readonly from: number;
  readonly to: number;
}

export interface Ward {
  readonly people: number;
  readonly weeks: number;
  readonly judgedFrom: number;
  readonly record: readonly Seen[];
  readonly cases: readonly WardCase[];
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const start = Date.UTC(2027, 1, 1);
const learnt = 30;
const judged = 14;

type Part = Partial<Seen> & Pick<Seen, 'event' | 'time'>;

export function ward(seed: number): Ward {
  const next = lehmer(seed);
  const people = Array.from({ length: 30 }, (_, index) => somebody(`w${String(index)}`));
  const parts: Part[] = [];
  for (let index = 0; index < learnt + judged; index += 1)
    for (const [number, person] of people.entries()) parts.push(...shift(person, number, index, next));
  const { cases, bad } = wrongs(people, start + learnt * day);
  const record = [...parts, ...bad].toSorted((a, b) => a.time - b.time).map(complete);
  return { people: people.length, weeks: judged / 7, judgedFrom: start + learnt * day, record, cases };
}

/** Five days of one shift, two days off, then the next shift. Rounds of the beds at the beginning and the end. */
function shift(person: SeenPerson, number: number, index: number, next: () => number): readonly Part[] {
  const turn = index + number * 3;
  if (turn % 7 > 4) return [];
  const begins = start + index * day + (6 + 8 * ((Math.floor(turn / 7) + number) % 3)) * hour + next() * 10 * minute;
  const session = `${person.sub}/${String(index)}`;
  const beds = 12 + Math.floor(next() * 6);
  // Patients stay for about five days.
  const bed = (at: number): string => `bed${String(number % 6)}-${String(at)}-${String(Math.floor((index + at) / 5))}`;
  const rounds = [20 * minute, 6 * hour].flatMap((round) =>
    Array.from({ length: beds }, (_, at) => chart(person, session, begins + round + at * (3 + 2 * next()) * minute, bed(at))),
  );
  const calls = Array.from({ length: Math.floor(next() * 8) }, () =>
    chart(person, session, begins + (0.1 + 0.8 * next()) * 8 * hour, bed(Math.floor(next() * beds))),
  );
  return [{ event: 'sign-in', time: begins, person, session }, ...rounds.flat(), ...calls.flat()];
}

function chart(person: SeenPerson, session: string, time: number, patient: string): Part[] {
  const where = { person, session, patient };
  return [
    { ...where, event: 'attempt', time, activity: 'navigation', roles: 'ward', category: 'notes', action: 'read' },
    { ...where, event: 'chart-opened', time: time + 1 },
    { ...where, event: 'outcome', time: time + 2, bytesOut: 90_000 },
  ];
}

function wrongs(people: readonly SeenPerson[], from: number): { readonly cases: WardCase[]; readonly bad: Part[] } {
  const cases: WardCase[] = [];
  const bad: Part[] = [];
  const put = (name: string, about: string | null, parts: readonly Part[]): void => {
    const times = parts.map(({ time }) => time);
    cases.push({ name, about, from: Math.min(...times), to: Math.max(...times) });
    bad.push(...parts);
  };
  const who = (index: number): SeenPerson => people[index] ?? somebody('nobody');
  const many = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index));
  put(
    'two hundred strangers in an hour',
    who(1).key,
    many(200, (i) => chart(who(1), 'z1', from + 3 * hour + i * 15 * second, `other${String(i)}`)).flat(),
  );
  put(
    'two gigabytes',
    who(2).key,
    many(20, (i) => ({
      event: 'outcome',
      time: from + day + i * minute,
      person: who(2),
      bytesOut: 1e8,
      download: 'disposition',
    })),
  );
  put(
    'one account at two screens for an hour',
    who(3).key,
    many(240, (i) => ({
      event: 'attempt',
      time: from + 2 * day + i * 15 * second,
      person: who(3),
      activity: 'navigation',
      ...(i % 2 === 0 ? { session: 'z3', address: '172.16.4.1' } : { session: 'z4', address: '172.16.4.2' }),
    })),
  );
  put('a mayor', 'mayor', many(20, (i) => chart(who(i + 5), `z5${String(i)}`, from + 4 * day + i * 25 * minute, 'mayor')).flat());
  put(
    'thirty guesses',
    who(4).key,
    many(30, (i) => ({ event: 'second-factor-failed', time: from + 6 * day + i * 5 * second, person: who(4) })),
  );
  const gone = somebody('gone');
  bad.push({ event: 'offboarded', time: from - day, person: gone });
  put(
    'somebody who had left',
    gone.key,
    many(3, (i) => ({ event: 'sign-in-failed', time: from + 7 * day + i * day, person: gone })),
  );
  put('a record that stood still', null, [{ event: 'audit-outage', time: from + 8 * day, person: null }]);
  return { cases, bad };
}

function somebody(sub: string): SeenPerson {
  return { issuer: 'https://ward.example', sub, name: sub, key: `https://ward.example ${sub}` };
}

function complete(part: Part, index: number): Seen {
  const date = new Date(part.time);
  const text = date.toISOString();
  const local = { weekday: date.getUTCDay(), minute: date.getUTCHours() * 60 + date.getUTCMinutes(), day: text.slice(0, 10) };
  const nothing = { roles: null, agent: null, category: null, action: null, download: null, device: null, detail: null };
  const none = { person: null, session: null, patient: null, reason: null, activity: null, bytesOut: null };
  return { ...nothing, ...none, sequence: index + 1, local: { ...local, open: true }, address: '172.16.4.1', ...part };
}

/** Lehmer's generator; `seed` from 1 on. */
function lehmer(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
