// Whether a case is about somebody: whatever they are called, and in whichever session they come.

import type { Case, CasePerson } from './case.ts';

export function concerns(
  { person, alerts }: Pick<Case, 'person' | 'alerts'>,
  { issuer, sub }: Pick<CasePerson, 'issuer' | 'sub'>,
): boolean {
  return [person, ...alerts.map((alert) => alert.person)].some((one) => one?.issuer === issuer && one.sub === sub);
}
