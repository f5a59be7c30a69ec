// A patient who is carried from page to page is carried in something: a session of the EHR, which a cookie names, or the
// person who signs on. A rule that leans on it where nobody said in what would record the wrong patient, so it is refused.

import type { Route } from '../core/policy/policy.ts';
import type { Reading } from './reading.ts';
import type { ApplicationSettings, SignOnSettings } from './settings.ts';
import type { KeyPath } from './yaml-source.ts';

/** `application` is undefined where its own entry holds a mistake. */
export function checkCarriedPatient(
  reading: Reading<unknown>,
  at: KeyPath,
  rule: { readonly name: string; readonly routes: readonly Route[] },
  application: ApplicationSettings | undefined,
): void {
  if (application === undefined || (application.sessionCookie ?? null) !== null) return;
  const leaning = rule.routes.find((route) => route.selects !== null || route.patient.some((source) => source.in === 'session'));
  if (leaning === undefined) return;
  const { name, patientPerPerson, signOn } = application;
  const rules = `Rule "${rule.name}" reads the patient who is carried in the EHR (${leaning.pattern.source})`;
  if (patientPerPerson !== true) {
    const fix = 'write sessionCookie: NAME there, or sessionCookie: none where the EHR carries one patient per person';
    reading.mistake(at, `${rules}, and application "${name}" does not say which cookie names its session; ${fix}`);
  } else if (!tellsPeopleApart(signOn)) {
    const fix = 'write the name of its session cookie, or sign people on one by one, such as signOn: own-password';
    reading.mistake(at, `${rules}, and application "${name}" with sessionCookie: none cannot tell people apart; ${fix}`);
  }
}

/** Whether every request tells the EHR which person it is from. */
function tellsPeopleApart(signOn: SignOnSettings): boolean {
  return signOn.by === 'recipe' ? signOn.account.of === 'own' : oneByOne[signOn.by];
}

const oneByOne: Readonly<Record<Exclude<SignOnSettings['by'], 'recipe'>, boolean>> = {
  none: false,
  'basic-account': false,
  'basic-roles': false,
  header: true,
  'basic-own-password': true,
};
