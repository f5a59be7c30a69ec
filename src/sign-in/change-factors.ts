// The changes that a person makes to their own second factors, once they have confirmed: each on record first, and each told
// to the person at their next sign-in. The last factor stays: without it nobody could come in.

import { passkeyName } from '../core/second-factor/passkey-name.ts';
import { resistsPhishing } from '../core/second-factor/resists-phishing.ts';
import type { Session } from '../ports.ts';
import type { Challenges } from './challenges.ts';
import { enrolPasskey } from './enrol-passkey.ts';
import { mayEnrolFrom } from './enrol-zone.ts';
import { enrolledFactors } from './enrolled-factors.ts';
import type { OwnContext } from './own-context.ts';
import { ownerOf } from './passkey-owner.ts';
import { record, recordedSession } from './record.ts';
import { newRecoveryCodes } from './recovery-codes.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

/** Fields of the form as they were sent; undefined where one was not. */
export interface AskedChange {
  readonly remove: string | undefined;
  readonly removeCode: string | undefined;
  readonly rename: string | undefined;
  readonly renewCodes: string | undefined;
  readonly answer: string | undefined;
  readonly name: string | undefined;
}

/** Why nothing was changed, as the key of what the person reads. */
export type ChangeProblem =
  'notOffered' | 'notFromHere' | 'notAdded' | 'unknown' | 'noCode' | 'nothingYet' | 'last' | 'notRemoved';

/** New recovery codes are shown once; else whether it was done. */
export type Changed = { readonly codes: readonly string[] } | { readonly problem: ChangeProblem | null };

export async function changeFactors(
  needs: SignInNeeds,
  challenges: Challenges,
  session: Session,
  context: OwnContext,
  asked: AskedChange,
): Promise<Changed> {
  if (asked.renewCodes !== undefined) return renew(needs, session, context);
  if (asked.removeCode !== undefined) return { problem: await removeCode(needs, session, context) };
  if (asked.remove !== undefined) return { problem: await removeOne(needs, session, context, asked.remove) };
  if (asked.rename !== undefined) return { problem: await rename(needs, session, context, asked.rename, asked.name) };
  return { problem: await add(needs, challenges, session, context, asked) };
}

async function add(
  needs: SignInNeeds,
  challenges: Challenges,
  session: Session,
  context: OwnContext,
  { answer, name }: AskedChange,
): Promise<ChangeProblem | null> {
  const { subject } = session;
  if (!needs.settings.secondFactor.methods.includes('passkey')) return 'notOffered';
  const { any } = await enrolledFactors(needs, subject);
  // The first one here, and one that a phished code would vouch for: whoever has the code for a moment must not stay for good.
  if ((!any || !resistsPhishing(session.factor)) && !mayEnrolFrom(needs, context)) {
    const refused = { decision: 'refused', reason: 'enrolment-not-permitted' } as const;
    await record(needs, context, 'second-factor-failed', { ...recordedSession(session), ...refused, detail: 'enrolment' });
    return 'notFromHere';
  }
  const given = { challenges, owner: ownerOf('add', session.key), subject, session, context, answer, name };
  return (await enrolPasskey(needs, given, null)) ? null : 'notAdded';
}

async function removeOne(needs: SignInNeeds, session: Session, context: OwnContext, id: string): Promise<ChangeProblem | null> {
  const { issuer, sub } = session.subject;
  const { totp, passkeys } = await enrolledFactors(needs, session.subject);
  const passkey = passkeys.find((one) => one.id === id);
  if (passkey === undefined) return 'unknown';
  const what = `passkey "${passkey.name}"`;
  if (totp === null && passkeys.length < 2) return refuseLast(needs, session, context, what);
  await recordRemoval(needs, session, context, what);
  // A key that is lost may have been what is remembered.
  await needs.remembered.forgetPerson(issuer, sub);
  if (!(await needs.passkeys.remove(issuer, sub, id))) return 'notRemoved';
  await needs.factorNotices.tell(session.subject, { kind: 'passkey-removed', name: passkey.name }, needs.clock.now());
  return null;
}

async function removeCode(needs: SignInNeeds, session: Session, context: OwnContext): Promise<ChangeProblem | null> {
  const { issuer, sub } = session.subject;
  const { totp, passkeys } = await enrolledFactors(needs, session.subject);
  if (totp === null) return 'noCode';
  const what = 'code from the phone';
  if (passkeys.length === 0) return refuseLast(needs, session, context, what);
  await recordRemoval(needs, session, context, what);
  await needs.remembered.forgetPerson(issuer, sub);
  if (!(await needs.factors.removeTotp(issuer, sub))) return 'notRemoved';
  await needs.factorNotices.tell(session.subject, { kind: 'code-removed', name: null }, needs.clock.now());
  return null;
}

async function rename(
  needs: SignInNeeds,
  session: Session,
  context: OwnContext,
  id: string,
  name: string | undefined,
): Promise<ChangeProblem | null> {
  const { issuer, sub } = session.subject;
  const passkey = (await needs.passkeys.list(issuer, sub)).find((one) => one.id === id);
  if (passkey === undefined) return 'unknown';
  const next = passkeyName(name);
  const detail = `passkey "${passkey.name}" is now "${next}"`;
  await record(needs, context, 'factor-renamed', { ...recordedSession(session), decision: 'allowed', detail });
  return (await needs.passkeys.rename(issuer, sub, id, next)) ? null : 'unknown';
}

async function renew(needs: SignInNeeds, session: Session, context: OwnContext): Promise<Changed> {
  const { subject } = session;
  const { any } = await enrolledFactors(needs, subject);
  if (!any) return { problem: 'nothingYet' };
  const { codes, hashes } = newRecoveryCodes(needs.randomness, subject);
  await record(needs, context, 'recovery-codes-renewed', { ...recordedSession(session), decision: 'allowed' });
  await needs.factors.renewRecoveryCodes(subject.issuer, subject.sub, hashes);
  await needs.factorNotices.tell(subject, { kind: 'recovery-codes-renewed', name: null }, needs.clock.now());
  return { codes };
}

async function refuseLast(
  needs: SignInNeeds,
  session: Session,
  context: OwnContext,
  what: string,
): Promise<ChangeProblem | null> {
  const refused = { decision: 'refused', reason: 'last-factor', detail: `${what} is the last factor` } as const;
  await record(needs, context, 'second-factor-failed', { ...recordedSession(session), ...refused });
  return 'last';
}

async function recordRemoval(needs: SignInNeeds, session: Session, context: OwnContext, what: string): Promise<void> {
  await record(needs, context, 'factor-removed', { ...recordedSession(session), decision: 'allowed', detail: what });
}
