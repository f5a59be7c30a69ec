// Which second factors people have, as the record tells: every enrolment and every removal stands in it (45 CFR 164.312(d)).

import { recordsInOrder } from '../audit/record-number.ts';
import type { Told } from './told.ts';
import { whoOf } from './told.ts';

export type FactorsHeld = {
  readonly person: string | null;
  /** A code from the phone. */
  readonly code: boolean;
  readonly passkeys: number;
  /** A passkey, or a factor of the provider that no look-alike page can ask for, as far as the record says. */
  readonly resistsPhishing: boolean;
  /** Neither here nor shown at the provider. */
  readonly hasNone: boolean;
  readonly signIns: number;
  /** Epoch milliseconds; null where they never came in. */
  readonly lastSignIn: number | null;
  readonly lastFactor: string | null;
  /** When a factor of that moment was shown last: neither remembered nor one that the provider vouched for without a time. */
  readonly lastShown: number | null;
  readonly rememberedSignIns: number;
  readonly recoveryCodesUsed: number;
  /** An emergency way in, a reset by IT, a code of IT's: whatever stood in for a factor. */
  readonly exceptions: string | null;
  readonly left: number | null;
};

interface Person {
  name: string | null;
  code: boolean;
  passkeys: Set<string>;
  signIns: number;
  lastSignIn: number | null;
  lastFactor: string | null;
  lastShown: number | null;
  remembered: number;
  recoveryCodes: number;
  readonly exceptions: Map<string, number>;
  left: number | null;
}

const quoted = /^"(.*)"$/s;
const removedPasskey = /^passkey "(.*)"$/s;
const renamedPasskey = /^passkey "(.*)" is now "(.*)"$/s;
/** Written where all of a kind went at once. */
const allGone = /^(passkeys|code from the phone): \d+, /;

/** Sign-ins, or proofs of a factor, that were counted together. */
export interface CountedFactors {
  /** Login name. */
  readonly person: string | null;
  readonly factor: string | null;
  readonly count: number;
  /** Of the last, epoch milliseconds. */
  readonly until: number;
}

/**
 * All from the beginning of the record to the end of the period. `told`: what changed anybody's factors, in any order;
 * `signIns` by person and factor; `shown`: proofs of a factor of that moment.
 */
export function factorsHeld(
  told: readonly Told[],
  signIns: readonly CountedFactors[],
  shown: readonly CountedFactors[],
): readonly FactorsHeld[] {
  const people = new Map<string, Person>();
  /** Login name → the person who has, or had, it. */
  const called = new Map<string, Person>();
  for (const one of told.toSorted(recordsInOrder)) {
    const who = whoOf(one);
    if (who === null || one.subject === null || one.decision === 'refused') continue;
    const person = people.get(who) ?? nobodyYet();
    people.set(who, person);
    person.name = one.person;
    called.set(one.person ?? '', person);
    take(person, one);
  }
  const named = (name: string): Person => {
    const person = called.get(name) ?? { ...nobodyYet(), name };
    called.set(name, person);
    people.set(`name ${name}`, person);
    return person;
  };
  for (const one of signIns) if (isPerson(one.person)) signIn(named(one.person), one);
  for (const { person, until } of shown)
    if (isPerson(person)) named(person).lastShown = Math.max(until, named(person).lastShown ?? 0);
  return [...new Set(people.values())].map(asRow);
}

function isPerson(name: string | null): name is string {
  return name !== null && !name.startsWith('machine ');
}

function nobodyYet(): Person {
  return {
    name: null,
    code: false,
    passkeys: new Set(),
    signIns: 0,
    lastSignIn: null,
    lastFactor: null,
    lastShown: null,
    remembered: 0,
    recoveryCodes: 0,
    exceptions: new Map(),
    left: null,
  };
}

function take(person: Person, one: Told): void {
  const { event, time, factor } = one;
  const detail = one.detail ?? '';
  if (event === 'enrolment') enrol(person, factor, detail);
  else if (event === 'factor-removed') remove(person, detail);
  else if (event === 'factor-renamed') rename(person, detail);
  else if (event === 'recovery-code-used') person.recoveryCodes += 1;
  else if (event === 'offboarded') person.left = time;
  else if (event === 'readmitted') person.left = null;
  else if (event === 'enrol-code-used') except(person, "IT's code to set one up");
  else if (event === 'emergency-sign-in') except(person, 'emergency sign-in');
}

function signIn(person: Person, { factor, count, until }: CountedFactors): void {
  person.signIns += count;
  if (factor === 'remembered') person.remembered += count;
  if (until < (person.lastSignIn ?? 0)) return;
  person.lastSignIn = until;
  person.lastFactor = factor;
}

function enrol(person: Person, factor: string | null, detail: string): void {
  if (factor === 'totp') person.code = true;
  else person.passkeys.add(quoted.exec(detail)?.[1] ?? detail);
}

function remove(person: Person, detail: string): void {
  const gone = allGone.exec(detail)?.[1];
  const passkey = removedPasskey.exec(detail)?.[1];
  if (passkey !== undefined) person.passkeys.delete(passkey);
  else if (gone === 'passkeys') person.passkeys.clear();
  else if (gone !== undefined || detail === 'code from the phone') person.code = false;
  if (detail.endsWith('IT has reset the second factor')) except(person, 'reset by IT');
}

function rename(person: Person, detail: string): void {
  const [, before, next] = renamedPasskey.exec(detail) ?? [];
  if (before !== undefined && next !== undefined && person.passkeys.delete(before)) person.passkeys.add(next);
}

function except({ exceptions }: Person, what: string): void {
  exceptions.set(what, (exceptions.get(what) ?? 0) + 1);
}

function asRow(person: Person): FactorsHeld {
  const { name, code, passkeys, signIns, lastSignIn, lastFactor, lastShown, remembered, recoveryCodes, exceptions, left } =
    person;
  return {
    person: name,
    code,
    passkeys: passkeys.size,
    resistsPhishing: passkeys.size > 0,
    hasNone: !code && passkeys.size === 0 && lastFactor !== 'provider',
    signIns,
    lastSignIn,
    lastFactor,
    lastShown,
    rememberedSignIns: remembered,
    recoveryCodesUsed: recoveryCodes,
    exceptions: [...exceptions].map(([what, count]) => `${what}: ${count}`).join('; ') || null,
    left,
  };
}
