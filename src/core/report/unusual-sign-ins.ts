// Sign-ins that succeeded and still deserve a look: from nowhere known, at no hour of the clinic, behind failed tries, or by what
// is there for bad days.

import { recordsInOrder } from '../audit/record-number.ts';
import { withinHours } from '../policy/hours.ts';
import type { HoursSpan } from '../policy/policy.ts';
import type { LocalTime } from './closed-windows.ts';
import { isFailure } from './sign-in-failures.ts';
import type { Told } from './told.ts';
import { whoOf } from './told.ts';

export type UnusualSignIn = {
  readonly record: number;
  readonly time: number;
  readonly person: string | null;
  readonly address: string | null;
  readonly device: string | null;
  readonly factor: string | null;
  readonly why: string;
};

export interface Usual {
  /** Empty where they are not configured. */
  readonly hours: readonly HoursSpan[];
  readonly localTime: LocalTime;
  readonly zones: readonly string[];
  readonly zonesOf: (address: string) => readonly string[];
}

/** Failures before a sign-in that make one wonder, and how long before. */
const manyFailures = 3;
const failuresMilliseconds = 3_600_000;

const always: Readonly<Record<string, string>> = {
  'recovery-code-used': 'a recovery code in the place of a factor',
  'emergency-sign-in': 'without the identity provider',
  'kept-both': 'beside another session of the same person',
  'taken-over': 'in the place of a session elsewhere',
};

/** `told` in any order. */
export function unusualSignIns(told: readonly Told[], usual: Usual): readonly UnusualSignIn[] {
  const inOrder = told.toSorted(recordsInOrder);
  const failures = Map.groupBy(inOrder.filter(isFailure), whoOf);
  return inOrder.flatMap((one) => {
    const { sequence, time, person, address, device, factor, event } = one;
    const whys =
      event === 'sign-in'
        ? whysOf(one, failures.get(whoOf(one)) ?? [], usual)
        : [always[event]].filter((why) => why !== undefined);
    return whys.length === 0 ? [] : [{ record: sequence, time, person, address, device, factor, why: whys.join('; ') }];
  });
}

/** `failed`: tries of the same person. */
function whysOf(one: Told, failed: readonly Told[], { hours, localTime, zones, zonesOf }: Usual): readonly string[] {
  const { weekday, minute } = localTime(one.time);
  const isClosed = hours.length > 0 && !withinHours(hours, weekday, minute);
  const isElsewhere = one.address !== null && zones.length > 0 && zonesOf(one.address).length === 0;
  const failures = failed.filter((other) => isShortlyBefore(other, one)).length;
  return [
    ...(isElsewhere ? ['from no zone of the clinic'] : []),
    ...(isClosed ? ['while the clinic was closed'] : []),
    ...(failures >= manyFailures ? [`after ${failures} failed tries`] : []),
  ];
}

function isShortlyBefore(other: Told, one: Told): boolean {
  return recordsInOrder(other, one) < 0 && one.time - other.time <= failuresMilliseconds;
}
