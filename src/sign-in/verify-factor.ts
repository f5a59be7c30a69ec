// Decides whether what a person typed proves their second factor, for signing in and for stepping up alike: counted over
// all their sessions, one try at a time, each code once.

import { readCode } from '../core/second-factor/read-code.ts';
import { unreachable } from '../core/unreachable.ts';
import type { FactorEvidence, OwnPageContext, Subject } from '../ports.ts';
import type { Challenges } from './challenges.ts';
import { judgeAssertion } from './passkey-ceremony.ts';
import type { OneAtATime } from './one-at-a-time.ts';
import { personKey } from './person-key.ts';
import { record, recordedSubject } from './record.ts';
import { recoveryHash } from './recovery-hash.ts';
import type { SignInNeeds } from './sign-in-needs.ts';
import { timeStep, verifyTotp } from './verify-totp.ts';

export type FactorVerdict =
  | { readonly proved: true; readonly evidence: FactorEvidence }
  | { readonly proved: false; readonly reason: 'second-factor-wrong' | 'passkey-copied' }
  | { readonly proved: false; readonly reason: 'second-factor-blocked'; readonly retryAfterSeconds: number };

interface Asked {
  readonly subject: Subject;
  /** Reference of the session that steps up; null while signing in. */
  readonly session: string | null;
  readonly typed: unknown;
  /** What the browser sent of a passkey, in place of a code; undefined where it sent none. */
  readonly passkey?: { readonly owner: string; readonly answer: string } | undefined;
  readonly context: OwnPageContext;
  /** False where a recovery code does not do. */
  readonly takesRecovery?: boolean;
}

/** Rejects with a Fault when it cannot be recorded. */
export function verifyFactor(
  needs: SignInNeeds,
  turns: OneAtATime,
  challenges: Challenges,
): (asked: Asked) => Promise<FactorVerdict> {
  return async (asked) => {
    const key = personKey(asked.subject);
    const verdict = await turns.run(key, async () => judge(needs, challenges, key, asked));
    return verdict ?? { proved: false, reason: 'second-factor-blocked', retryAfterSeconds: 5 };
  };
}

async function judge(needs: SignInNeeds, challenges: Challenges, key: string, asked: Asked): Promise<FactorVerdict> {
  const who = { subject: recordedSubject(asked.subject), session: asked.session };
  const blocked = await needs.attempts.blockedFor(key);
  if (blocked > 0) {
    // The code is not even looked at: a right one must not be told from a wrong one.
    await record(needs, asked.context, 'second-factor-blocked', { ...who, decision: 'refused', reason: 'second-factor-blocked' });
    return blockedFor(blocked);
  }
  const proof = asked.passkey === undefined ? await prove(needs, asked) : await provePasskey(needs, challenges, asked);
  if (proof === null || !('method' in proof)) return countFailure(needs, key, asked, proof);
  const evidence = proof;
  await needs.attempts.clear(key);
  if (evidence.method === 'recovery-code') {
    const left = await needs.factors.recoveryCodesLeft(asked.subject.issuer, asked.subject.sub);
    await record(needs, asked.context, 'recovery-code-used', { ...who, decision: 'allowed', detail: `${left} codes left` });
  }
  await record(needs, asked.context, 'second-factor', {
    ...who,
    factor: evidence.method,
    decision: 'allowed',
    detail: evidence.detail ?? null,
  });
  return { proved: true, evidence };
}

async function prove(needs: SignInNeeds, asked: Asked): Promise<FactorEvidence | null> {
  const { subject, typed, takesRecovery = true } = asked;
  const code = readCode(typed);
  const at = needs.clock.now();
  switch (code.kind) {
    case 'neither':
      return null;
    case 'recovery': {
      if (!takesRecovery) return null;
      const hash = recoveryHash(subject, code.code);
      return (await needs.factors.useRecoveryCode(subject.issuer, subject.sub, hash)) ? { method: 'recovery-code', at } : null;
    }
    case 'totp':
      return (await acceptTotp(needs, asked, code.code, at)) ? { method: 'totp', at } : null;
    default:
      return unreachable(code);
  }
}

/** Why it is refused, where it is: for the record, never for the person. */
async function provePasskey(
  needs: SignInNeeds,
  challenges: Challenges,
  { subject, passkey, context }: Asked,
): Promise<FactorEvidence | Failure> {
  const owner = passkey?.owner ?? '';
  const asserted = await judgeAssertion(needs, { challenges, owner, subject, context }, passkey?.answer);
  if (asserted.proved) return { method: 'passkey', at: needs.clock.now(), detail: `"${asserted.passkey.name}"` };
  return { reason: 'copied' in asserted ? 'passkey-copied' : 'second-factor-wrong', detail: `passkey: ${asserted.why}` };
}

interface Failure {
  readonly reason: 'second-factor-wrong' | 'passkey-copied';
  readonly detail: string;
}

async function acceptTotp(needs: SignInNeeds, { subject, context }: Asked, code: string, at: number): Promise<boolean> {
  const enrolment = await needs.factors.totp(subject.issuer, subject.sub);
  if (enrolment === null) return false;
  if (enrolment.lastStep > timeStep(at) + 1) {
    const steps = { request: context.requestId, lastStep: enrolment.lastStep, step: timeStep(at) };
    needs.log.warn(steps, 'A code was accepted for a time that has not come; check the clock or reset the factor');
  }
  const secret = needs.sealer.open('totp', personKey(subject), enrolment.sealedSecret);
  const step = await verifyTotp(secret, code, at, enrolment.lastStep);
  return step !== null && (await needs.factors.acceptStep(subject.issuer, subject.sub, step));
}

async function countFailure(needs: SignInNeeds, key: string, asked: Asked, failure: Failure | null): Promise<FactorVerdict> {
  const { subject, session, context } = asked;
  const blocked = await needs.attempts.fail(key);
  const who = { subject: recordedSubject(subject), session, factor: triedFactor(asked), decision: 'refused' } as const;
  const { reason, detail: why } = failure ?? { reason: 'second-factor-wrong', detail: null };
  await record(needs, context, 'second-factor-failed', { ...who, reason, detail: why });
  if (blocked === 0) return { proved: false, reason };
  const detail = `blocked for ${Math.ceil(blocked / 60_000)} minutes`;
  await record(needs, context, 'second-factor-blocked', { ...who, reason: 'second-factor-blocked', detail });
  return blockedFor(blocked);
}

/** Of which kind the thing was that did not do; null where it had the form of none. */
function triedFactor({ passkey, typed }: Asked): string | null {
  const methods = { totp: 'totp', recovery: 'recovery-code', neither: null } as const;
  return passkey === undefined ? methods[readCode(typed).kind] : 'passkey';
}

function blockedFor(milliseconds: number): FactorVerdict {
  return { proved: false, reason: 'second-factor-blocked', retryAfterSeconds: Math.ceil(milliseconds / 1000) };
}
