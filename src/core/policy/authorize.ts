// Asks the rule a request belongs to whether this person may, from here and now. That rule alone decides. Knows nothing
// of sessions, the clock or where the zones come from.

import type { Reason } from '../reasons.ts';
import { describeHours, describeMoment, withinHours } from './hours.ts';
import type { Rule } from './policy.ts';

/** Who asks, in the rule's own words. `weekday` 0 is Sunday, `minute` counts from the clinic's midnight. */
export interface Person {
  /** The machine it is; absent for a person. A machine is judged by its name alone, never by a role. */
  readonly machine?: string | undefined;
  readonly roles: readonly string[];
  readonly zones: readonly string[];
  readonly weekday: number;
  readonly minute: number;
  /** An emergency grant of this person is open. */
  readonly grantOpen: boolean;
}

/** `viaEmergency`: only the grant made it possible. `emergencyPossible`: one would. `detail` is one sentence for the person. */
export type Verdict =
  | { readonly allow: true; readonly viaEmergency: boolean }
  | { readonly allow: false; readonly reason: Reason; readonly detail: string; readonly emergencyPossible: boolean };

/** One thing a rule asks of the person. `says` words it together with what the person has. */
export interface PersonCriterion {
  readonly name: 'websocket' | 'zone' | 'hours' | 'role';
  readonly reason: Reason;
  readonly fits: (rule: Rule, person: Person, webSocket: boolean) => boolean;
  readonly says: (rule: Rule, person: Person, webSocket: boolean) => string;
}

/** In the order in which they are asked; the first that fails is the reason. */
export const personCriteria: readonly PersonCriterion[] = [
  {
    name: 'websocket',
    reason: 'upgrade-not-permitted',
    fits: (rule, _, webSocket) => rule.webSocket || !webSocket,
    says: (rule, _, webSocket) =>
      `Rule "${rule.name}" permits ${rule.webSocket ? 'live connections' : 'plain requests only'}; this is a ${webSocket ? 'live connection' : 'plain request'}`,
  },
  {
    name: 'zone',
    reason: 'zone-not-permitted',
    fits: (rule, person) => rule.zones === null || rule.zones.some((zone) => person.zones.includes(zone)),
    says: (rule, person) =>
      `Rule "${rule.name}" permits ${rule.zones === null ? 'any zone' : list(rule.zones, 'no zone')}; you are in ${list(person.zones, 'no named zone')}`,
  },
  {
    name: 'hours',
    reason: 'hours-not-permitted',
    fits: (rule, person) => rule.hours === null || withinHours(rule.hours, person.weekday, person.minute),
    says: (rule, person) =>
      `Rule "${rule.name}" permits ${rule.hours === null ? 'any hour' : describeHours(rule.hours)}; it is ${describeMoment(person.weekday, person.minute)}`,
  },
  {
    name: 'role',
    reason: 'role-not-permitted',
    fits: (rule, person) => allows(rule, person) || (person.grantOpen && inEmergency(rule, person)),
    says: (rule, person) =>
      person.machine === undefined
        ? `Rule "${rule.name}" permits ${rule.allow === 'everyone' ? 'everyone' : theRoles(rule.allow)}; you ${person.roles.length === 0 ? 'have no role' : `are ${person.roles.join(', ')}`}`
        : `Rule "${rule.name}" permits ${list(rule.machines ?? [], 'no machine')}; this is machine ${person.machine}`,
  },
];

/** The verdict of `rule` on this person; `webSocket` says that the request asks for an upgrade. */
export function authorize(rule: Rule, person: Person, webSocket: boolean): Verdict {
  const failed = personCriteria.find((criterion) => !criterion.fits(rule, person, webSocket));
  if (failed === undefined) return { allow: true, viaEmergency: !allows(rule, person) };
  const emergencyPossible = failed.name === 'role' && inEmergency(rule, person);
  const reason = emergencyPossible ? 'break-glass-required' : reasonFor(failed, person);
  return { allow: false, reason, detail: failed.says(rule, person, webSocket), emergencyPossible };
}

function reasonFor({ name, reason }: PersonCriterion, { machine }: Person): Reason {
  return name === 'role' && machine !== undefined ? 'machine-not-permitted' : reason;
}

function allows(rule: Rule, person: Person): boolean {
  const { allow, machines = [] } = rule;
  if (person.machine !== undefined) return machines.includes(person.machine);
  return allow === 'everyone' || allow.some((role) => person.roles.includes(role));
}

function inEmergency(rule: Rule, person: Person): boolean {
  return person.machine === undefined && rule.emergencyRoles.some((role) => person.roles.includes(role));
}

function list(names: readonly string[], none: string): string {
  return names.length === 0 ? none : names.join(', ');
}

/** The word "role" stands before the names, because a role may be called "it". */
function theRoles(names: readonly string[]): string {
  if (names.length === 0) return 'nobody';
  return `the ${names.length === 1 ? 'role' : 'roles'} ${names.join(', ')}`;
}
