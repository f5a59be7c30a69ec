// What holds somebody after an alert, and for how long.

import type { DetectorName } from '../detect/detector.ts';
import type { SeenPerson } from '../detect/seen.ts';
import type { RestrictionSettings } from './restriction-settings.ts';

export const restrictingKinds = ['step-up', 'slow', 'block'] as const;

export type RestrictingKind = (typeof restrictingKinds)[number];

/** Times are epoch milliseconds. */
export interface Restriction {
  /** Of the alert's record; with the kind it is one restriction, however often it is imposed. */
  readonly alert: number;
  readonly kind: RestrictingKind;
  readonly person: Pick<SeenPerson, 'issuer' | 'sub' | 'name'>;
  readonly detector: DetectorName;
  readonly since: number;
  /** Null until a reviewer lifts it. */
  readonly until: number | null;
}

/** Longer than any session lasts: whoever confirms or signs in anew is past it, and after this nobody is left who has not. */
const stepUpSeconds = 86_400;

/** When a restriction that begins then is over by itself; null for never. */
export function endOf(kind: RestrictingKind, since: number, { slow, block }: RestrictionSettings): number | null {
  if (kind === 'block') return block.forSeconds === null ? null : since + block.forSeconds * 1000;
  return since + (kind === 'slow' ? slow.forSeconds : stepUpSeconds) * 1000;
}
