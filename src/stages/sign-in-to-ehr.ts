// Signs this person on to the EHR, or goes on in the session that they have there. Which way is used is the application's
// setting; each way is a small object in `ehr/`. The person's password never comes near the browser again once it is
// sealed, and neither does the EHR's session. A form that finds no session at the EHR is kept for its person.

import { end, refuse } from '../core/answer.ts';
import type { End } from '../core/answer.ts';
import { credentialPath, wayBack } from '../core/ehr/credential-path.ts';
import { carriedPatient } from '../core/held/carried-patient.ts';
import { heldPath } from '../core/held/held-path.ts';
import { valuesIn } from '../core/ehr/jar.ts';
import { isMachine } from '../core/session/machine-session.ts';
import type { Session } from '../core/session/session.ts';
import { unreachable } from '../core/unreachable.ts';
import type { Arrived, EhrSignedOn, Identified, Matched, Opened, Recorded, SignedIn, SubjectMatter, Targeted } from '../facts.ts';
import type { EhrEntered, EhrSignOn } from '../ehr-ports.ts';
import type { Stage } from '../pipeline.ts';
import { enterStream } from './enter-stream.ts';
import type { EnterStreamNeeds } from './enter-stream.ts';
import { keepForm, mayBeKept } from './keep-form.ts';
import type { KeepForm, KeepFormNeeds } from './keep-form.ts';

type Given = Arrived &
  Identified &
  Targeted &
  SignedIn &
  Opened &
  Matched &
  Recorded &
  Pick<SubjectMatter, 'ehrSession' | 'patientSource'>;

export type SignInToEhrNeeds = KeepFormNeeds & EnterStreamNeeds & { readonly signOn: ReadonlyMap<string, EhrSignOn> };

export function signInToEhr(needs: SignInToEhrNeeds): Stage<Given, EhrSignedOn> {
  const keep = keepForm(needs);
  return (facts) => {
    const signOn = needs.signOn.get(facts.application.name);
    if (!signOn) return end({ kind: 'fault', code: 'internal', detail: 'No sign-on for this application' });
    const { session, address, zones, id, method, shape, target } = facts;
    const entered = signOn.enter({ session, address, zones, requestId: id, method, shape, target });
    return entered instanceof Promise ? wait(facts, entered) : goOn(facts, entered);
  };

  /** An EHR may take its time over a sign-on: whoever's session ends meanwhile hears so at once. */
  async function wait(facts: Given, entered: Promise<EhrEntered>): Promise<EhrSignedOn | End> {
    const stream = await enterStream(needs, facts);
    if (stream === null) return refuse(isMachine(facts.session) ? 'machine-unknown' : 'session-expired');
    try {
      const cut = new Promise<End>((resolve) => stream.onCut(({ refusal }) => resolve(end(refusal))));
      return await Promise.race([cut, entered.then((value) => goOn(facts, value))]);
    } finally {
      stream.leave();
    }
  }

  function goOn(facts: Given, entered: EhrEntered): EhrSignedOn | End | Promise<EhrSignedOn | End> {
    const goes = entered.entered === 'yes' || entered.entered === 'landing';
    // One that is held already waits where it is.
    if (goes || facts.held !== null || needs.limits.heldPostsPerPerson === 0 || !mayBeKept(facts))
      return conclude(facts, entered);
    return isMachine(facts.session) ? conclude(facts, entered) : keepFor(keep, facts, facts.session);
  }
}

async function keepFor(keep: KeepForm, facts: Given, session: Session): Promise<End> {
  const kept = await keep(facts, session.subject, carriedPatient(session.ehrSessions));
  if (kept.kept) return refuse('post-held', { remedy: heldPath });
  return refuse('ehr-session-ended', { detail: `What you sent was not kept; press Back and copy it. ${kept.why}`, remedy: '/' });
}

function conclude(facts: Given, entered: EhrEntered): EhrSignedOn | End {
  switch (entered.entered) {
    case 'yes':
      return signedOn(facts, entered);
    case 'landing':
      return end({
        kind: 'plain',
        status: 303,
        headers: landingHeaders(facts.held === null ? entered : { ...entered, location: heldPath }),
        body: '',
      });
    case 'credential-needed':
      return refuse(entered.refused ? 'ehr-credential-refused' : 'ehr-credential-required', {
        remedy: credentialPath(facts.application.name, facts.method, facts.target),
      });
    case 'password-change':
      return refuse('ehr-password-change', { remedy: entered.page });
    case 'unrecognised':
      return refuse('ehr-sign-on-unrecognised', {
        told: entered.told,
        ...(hasOwn(facts) && { remedy: credentialPath(facts.application.name, facts.method, facts.target) }),
      });
    case 'ended':
      return refuse('ehr-session-ended', { remedy: '/' });
    case 'paused':
      return refuse('ehr-sign-on-paused', {
        retryAfterSeconds: entered.retryAfterSeconds,
        remedy: wayBack(facts.method, facts.target),
      });
    case 'no-account':
      return refuse('ehr-account-missing');
    default:
      return unreachable(entered);
  }
}

/** The EHR's session may be another one than when the patient was read: then it carries nobody yet. */
function signedOn(facts: Given, { headers, standing }: Extract<EhrEntered, { entered: 'yes' }>): EhrSignedOn | End {
  const name = facts.application.sessionCookie ?? null;
  const [fromJar] = standing === null || name === null ? [] : valuesIn(standing.jar, name, facts.arrivedAt);
  const ehrSession = standing === null ? facts.ehrSession : (fromJar ?? null);
  // Another request has signed on anew since the patient was read: what is on record would not be what the EHR shows.
  if (facts.patientSource === 'session' && ehrSession !== facts.ehrSession) {
    const detail = 'Your session at the EHR has just begun anew; open the patient again';
    return refuse('patient-ambiguous', { detail, retryAfterSeconds: 1 });
  }
  return { ehrHeaders: headers, ehrStanding: standing, ehrSession };
}

function landingHeaders({ location, cookies }: Extract<EhrEntered, { entered: 'landing' }>): Record<string, string | string[]> {
  return { location, 'cache-control': 'no-store', ...(cookies.length === 0 ? {} : { 'set-cookie': [...cookies] }) };
}

/** Whether people have an EHR password of their own that another one could take the place of. */
function hasOwn({ application: { signOn } }: Given): boolean {
  return signOn.by === 'basic-own-password' || (signOn.by === 'recipe' && signOn.account.of === 'own');
}
