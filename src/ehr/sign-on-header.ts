// The EHR trusts a header that names the person. Only safe because the allow-list lets no client send it.

import { headerText } from '../core/header-text.ts';
import type { EhrSignOn } from '../ehr-ports.ts';
import { entered } from './sign-on-basic.ts';
import type { PlainSignOnNeeds } from './sign-on-basic.ts';

export function signOnByHeader(needs: PlainSignOnNeeds, name: string): EhrSignOn {
  return { enter: ({ session }) => entered(needs, session, [name, headerText(session.subject.name)]) };
}
