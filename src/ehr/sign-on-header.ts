// The EHR trusts a header that names the person. Only safe because the allow-list lets no client send it.

import { headerText } from '../core/header-text.ts';
import type { EhrSignOn } from '../ports.ts';

export function signOnByHeader(name: string): EhrSignOn {
  return { headersFor: (session) => [name, headerText(session.subject.name)] };
}
