// Where a person gives their own password for an EHR, and comes back from to where they wanted to go.

import { requestLine } from '../target/canonical-target.ts';
import type { CanonicalTarget } from '../target/canonical-target.ts';

/** What a person asked for, to come back to; what was sent by a form is not asked for again. */
export function wayBack(method: string, target: CanonicalTarget): string {
  return method === 'GET' ? requestLine(target) : '/';
}

/** A path of ours with the application and the way back. */
export function credentialPath(application: string, method: string, target: CanonicalTarget): string {
  const back = encodeURIComponent(wayBack(method, target));
  return `/.wardgate/credential?application=${encodeURIComponent(application)}&return=${back}`;
}
