// Finds the headers that sign this person on to the EHR. Which way is used is the application's setting; each way is a
// small object in `ehr/`. The person's password never comes near the browser again once it is sealed.

import { end, refuse } from '../core/answer.ts';
import { requestLine } from '../core/target/canonical-target.ts';
import type { Arrived, EhrSignedOn, Identified, Recorded, SignedIn, Targeted } from '../facts.ts';
import type { EhrSignOn } from '../ports.ts';
import type { Stage } from '../pipeline.ts';

type Given = Arrived & Identified & Targeted & SignedIn & Recorded;

export function signInToEhr(needs: { readonly signOn: ReadonlyMap<string, EhrSignOn> }): Stage<Given, EhrSignedOn> {
  return (facts) => {
    const signOn = needs.signOn.get(facts.application.name);
    if (!signOn) return end({ kind: 'fault', code: 'internal', detail: 'No sign-on for this application' });
    const headers = signOn.headersFor(facts.session);
    return headers instanceof Promise ? headers.then((value) => conclude(facts, value)) : conclude(facts, headers);
  };
}

function conclude({ application, method, target }: Given, headers: readonly string[] | 'credential-needed') {
  if (headers !== 'credential-needed') return { ehrHeaders: headers };
  const back = encodeURIComponent(method === 'GET' ? requestLine(target) : '/');
  return refuse('ehr-credential-required', {
    remedy: `/.wardgate/credential?application=${encodeURIComponent(application.name)}&return=${back}`,
  });
}
