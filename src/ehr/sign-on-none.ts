// The EHR needs no sign-on of its own, or people do it themselves.

import type { EhrSignOn } from '../ehr-ports.ts';
import { entered } from './sign-on-basic.ts';
import type { PlainSignOnNeeds } from './sign-on-basic.ts';

const nothing: readonly string[] = [];

export function signOnNone(needs: PlainSignOnNeeds): EhrSignOn {
  return { enter: ({ session }) => entered(needs, session, nothing) };
}
