// Where somebody lands who has just come in: where they wanted to go, and where that is nowhere in particular, at what is kept
// for them, so that a draft is found within its time.

import { heldPath } from '../core/held/held-path.ts';
import type { Subject } from '../ports.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

export async function landing(
  { held }: Pick<SignInNeeds, 'held'>,
  who: Subject,
  application: string,
  returnTo: string,
): Promise<string> {
  if (returnTo !== '/') return returnTo;
  return (await held.of(who, application)).some(({ takenAt }) => takenAt === null) ? heldPath : returnTo;
}
