// Keeps a passkey that a browser has just made: recorded first, and never more than a person can tell apart.

import type { OwnContext } from './own-context.ts';
import type { Session, Subject } from '../ports.ts';
import type { Challenges } from './challenges.ts';
import { judgeRegistration } from './passkey-ceremony.ts';
import { record, recordedSubject } from './record.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

/** A person's passkeys at most. */
export const mostPasskeys = 10;

export interface PasskeyGiven {
  readonly challenges: Challenges;
  readonly owner: string;
  readonly subject: Subject;
  /** Null while signing in. */
  readonly session: Session | null;
  readonly context: OwnContext;
  readonly answer: unknown;
  readonly name: unknown;
}

/** False where it was not kept, which has been recorded then. `recoveryHashes` as the store wants them. */
export async function enrolPasskey(
  needs: SignInNeeds,
  given: PasskeyGiven,
  recoveryHashes: readonly string[] | null,
): Promise<boolean> {
  const { subject, session, context, answer, name } = given;
  const who = { subject: recordedSubject(subject), session: session?.reference ?? null, factor: 'passkey' };
  const known = await needs.passkeys.list(subject.issuer, subject.sub);
  const judged = await judgeRegistration(needs, given, answer, name);
  const again = judged.ok && known.some(({ id }) => id === judged.passkey.id);
  const why = judged.ok ? (again ? 'it is known already' : 'there are ten already') : judged.why;
  if (!judged.ok || again || known.length >= mostPasskeys) {
    const refused = { decision: 'refused', reason: 'second-factor-wrong', detail: `enrolment: ${why}` } as const;
    await record(needs, context, 'second-factor-failed', { ...who, ...refused });
    return false;
  }
  await record(needs, context, 'enrolment', { ...who, decision: 'allowed', detail: `"${judged.passkey.name}"` });
  await needs.passkeys.add(subject.issuer, subject.sub, judged.passkey, recoveryHashes);
  // A first factor is told by its recovery codes: nobody but whoever set it up could come in and read a notice.
  if (recoveryHashes === null)
    await needs.factorNotices.tell(subject, { kind: 'passkey-added', name: judged.passkey.name }, needs.clock.now());
  return true;
}
