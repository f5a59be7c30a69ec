// Whether somebody has shown their second factor in the last minutes, as changes of factors and devices ask for.

import type { Session } from '../ports.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

const freshMilliseconds = 5 * 60_000;

export function isFresh({ clock }: Pick<SignInNeeds, 'clock'>, { factor }: Pick<Session, 'factor'>): boolean {
  const age = clock.now() - factor.at;
  return age >= 0 && age <= freshMilliseconds;
}
