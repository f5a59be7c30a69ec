// Whether only the deputy may say what something was. Reviewers who look into each other clear each other: where a deputy is
// named, what a reviewer did is the deputy's to judge, and no colleague's.

import { isCalled } from './is-called.ts';

interface Named {
  readonly issuer: string;
  readonly sub: string;
  readonly name: string;
}

export interface DeputyFacts {
  /** Login name; null where nobody is named, or the one who is may not judge at present. */
  readonly deputy: string | null;
  readonly isReviewer: (person: Pick<Named, 'issuer' | 'sub'>) => boolean;
}

/** What is about the deputy is for every other reviewer: there is nobody else to ask. */
export function deputysAlone(
  about: readonly (Named | null)[],
  actor: Pick<Named, 'name'>,
  { deputy, isReviewer }: DeputyFacts,
): boolean {
  if (deputy === null || isCalled(actor, deputy)) return false;
  return about.some((one) => one !== null && !isCalled(one, deputy) && isReviewer(one));
}
