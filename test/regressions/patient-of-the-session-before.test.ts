// While a request waited for its record, another tab signed on to the EHR anew and chose another patient. The request was on
// record under the patient of the session before, and was answered with the chart of the one after.

import { expect, test } from 'vitest';
import type { EhrStanding } from '../../src/ehr-ports.ts';
import { signInToEhr } from '../../src/stages/sign-in-to-ehr.ts';
import { applicationOf } from '../support/edge-facts.ts';
import { targetOf } from '../support/fake-ehr.ts';
import { keepsNoForms } from '../support/no-held-posts.ts';
import { sessionOf } from '../support/session-of.ts';
import { staysSignedIn } from '../support/stays-signed-in.ts';

const standing: EhrStanding = {
  generation: 2,
  standing: 'signed-on',
  jar: [{ name: 'SID', value: 'after', path: '/', expiresAt: null }],
  signedOnAt: 0,
};
const cookies = { jar: ['SID'], passthrough: [], seed: [] };

test.each([
  ['session', 'before', 'patient-ambiguous'],
  ['session', 'after', undefined],
  ['query', 'before', undefined],
  [null, 'before', undefined],
])('a patient read from the %s of "%s": %s', (patientSource, ehrSession, reason) => {
  const facts = {
    application: applicationOf({ cookies, sessionCookie: 'SID' }),
    session: sessionOf('a'),
    target: targetOf('/a'),
    method: 'GET',
    arrivedAt: 1,
    ehrSession,
    patientSource,
  };
  const stage = signInToEhr({
    ...keepsNoForms,
    ...staysSignedIn(facts.session),
    signOn: new Map([['ehr', { enter: () => ({ entered: 'yes', headers: [], standing }) }]]),
  });
  const result = stage(facts as never);
  if (reason === undefined) expect(result).toMatchObject({ ehrSession: 'after' });
  else expect(result).toMatchObject({ answer: { reason } });
});
