// A session that somebody opened without the identity provider: made loudly, and handed back to the provider once it answers.

import { providerIsBack } from '../core/emergency/provider-is-back.ts';
import { isEmergency } from '../core/session/is-emergency.ts';
import type { Session } from '../core/session/session.ts';
import type { FactorEvidence } from '../ports.ts';
import type { PendingSignIn } from './interaction.ts';
import type { OwnContext } from './own-context.ts';
import { record, recordedSession } from './record.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

/** True where it must show itself to the provider now. */
export function mustReturn({ watch, clock }: Pick<SignInNeeds, 'watch' | 'clock'>, session: Session): boolean {
  return isEmergency(session) && providerIsBack(watch.answersSince, session.createdAt, clock.now());
}

/** True where only the provider unlocks it: their own factor did for an outage that is over. */
export function onlyProviderUnlocks({ watch }: Pick<SignInNeeds, 'watch'>, session: Session): boolean {
  return isEmergency(session) && watch.answersSince !== null;
}

/** Uses up the code and tells everybody; false where somebody was quicker with it. Rejects with a Fault. */
export async function openEmergency(
  needs: SignInNeeds,
  context: OwnContext,
  session: Session,
  { emergency }: Pick<PendingSignIn, 'emergency'>,
  factor: FactorEvidence,
): Promise<boolean> {
  const { issuer, sub, name } = session.subject;
  if (emergency === undefined || !(await needs.emergency.redeem(issuer, sub, emergency.hash))) return false;
  const left = (await needs.emergency.codes(issuer, sub)).length;
  const until = new Date(session.emergencyUntil ?? 0).toISOString();
  const seen = new Date(emergency.rolesSeenAt).toISOString();
  const detail = `without the identity provider, by a sealed code and ${factor.method}; until ${until}; roles as of ${seen}; ${left} codes left`;
  await record(needs, context, 'emergency-sign-in', { ...recordedSession(session), decision: 'allowed', detail });
  needs.log.error(
    { request: context.requestId, name, until, codesLeft: left },
    'Somebody has signed in without the identity provider',
  );
  needs.countEmergency();
  return true;
}
