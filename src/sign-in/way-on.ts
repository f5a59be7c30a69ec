// Where somebody goes who has just signed in: to what they must see first, else to where they were going.

import type { Subject } from '../ports.ts';
import { withReturn } from './return-path.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

export async function wayOn(needs: Pick<SignInNeeds, 'factorNotices'>, subject: Subject, back: string): Promise<string> {
  return (await needs.factorNotices.of(subject)).length === 0 ? back : withReturn('/.wardgate/notices', back);
}
