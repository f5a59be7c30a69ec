// Decides whether what a person typed proves their second factor, for signing in and for stepping up alike: counted over
// all their sessions, one try at a time, each code once.

import { readCode } from '../core/second-factor/read-code.ts';
import { unreachable } from '../core/unreachable.ts';
import type { FactorEvidence, OwnPageContext, Subject } from '../ports.ts';
import type { OneAtATime } from './one-at-a-time.ts';
import { personKey } from './person-key.ts';
import { record, recordedSubject } from './record.ts';
import { recoveryHash } from './recovery-hash.ts';
import type { SignInNeeds } from './sign-in-needs.ts';
import { timeStep, verifyTotp } from './verify-totp.ts';

export type FactorVerdict =
  | { readonly proved: true; readonly evidence: FactorEvidence }
  | { readonly proved: false; readonly reason: 'second-factor-wrong' }
  | { readonly proved: false; readonly reason: 'second-factor-blocked'; readonly retryAfterSeconds: number };

interface Asked {
  readonly subject: Subject;
  /** Reference of the session that steps up; null while signing in. */
  readonly session: string | null;
  readonly typed: unknown;
  readonly context: OwnPageContext;
}

/** Rejects with a Fault when it cannot be recorded. */
export function verifyFactor(needs: SignInNeeds, turns: OneAtATime): (asked: Asked) => Promise<FactorVerdict> {
  return async (asked) => {
    const key = personKey(asked.subject);
    const verdict = await turns.run(key, async () => judge(needs, key, asked));
    return verdict ?? { proved: false, reason: 'second-factor-blocked', retryAfterSeconds: 5 };
  };
}

async function judge(needs: SignInNeeds, key: string, asked: Asked): Promise<FactorVerdict> {
  const who = { subject: recordedSubject(asked.subject), session: asked.session };
  const blocked = await needs.attempts.blockedFor(key);
  if (blocked > 0) {
    // The code is not even looked at: a right one must not be told from a wrong one.
    await record(needs, asked.context, 'second-factor-blocked', { ...who, decision: 'refused', reason: 'second-factor-blocked' });
    return blockedFor(blocked);
  }
  const evidence = await prove(needs, asked);
  if (evidence === null) return countFailure(needs, key, asked);
  await needs.attempts.clear(key);
  if (evidence.method === 'recovery-code') {
    const left = await needs.factors.recoveryCodesLeft(asked.subject.issuer, asked.subject.sub);
    await record(needs, asked.context, 'recovery-code-used', { ...who, decision: 'allowed', detail: `${left} codes left` });
  }
  await record(needs, asked.context, 'second-factor', { ...who, factor: evidence.method, decision: 'allowed' });
  return { proved: true, evidence };
}

async function prove(needs: SignInNeeds, { subject, typed }: Asked): Promise<FactorEvidence | null> {
  const code = readCode(typed);
  const at = needs.clock.now();
  switch (code.kind) {
    case 'neither':
      return null;
    case 'recovery': {
      const hash = recoveryHash(subject, code.code);
      return (await needs.factors.useRecoveryCode(subject.issuer, subject.sub, hash)) ? { method: 'recovery-code', at } : null;
    }
    case 'totp':
      return (await acceptTotp(needs, subject, code.code, at)) ? { method: 'totp', at } : null;
    default:
      return unreachable(code);
  }
}

async function acceptTotp(needs: SignInNeeds, subject: Subject, code: string, at: number): Promise<boolean> {
  const enrolment = await needs.factors.totp(subject.issuer, subject.sub);
  if (enrolment === null) return false;
  if (enrolment.lastStep > timeStep(at) + 1) {
    const steps = { lastStep: enrolment.lastStep, step: timeStep(at) };
    needs.log.warn(steps, 'A code was accepted for a time that has not come; check the clock or reset the factor');
  }
  const secret = needs.sealer.open('totp', personKey(subject), enrolment.sealedSecret);
  const step = await verifyTotp(secret, code, at, enrolment.lastStep);
  return step !== null && (await needs.factors.acceptStep(subject.issuer, subject.sub, step));
}

async function countFailure(needs: SignInNeeds, key: string, { subject, session, context }: Asked): Promise<FactorVerdict> {
  const blocked = await needs.attempts.fail(key);
  const who = { subject: recordedSubject(subject), session, decision: 'refused' } as const;
  await record(needs, context, 'second-factor-failed', { ...who, reason: 'second-factor-wrong' });
  if (blocked === 0) return { proved: false, reason: 'second-factor-wrong' };
  const detail = `blocked for ${Math.ceil(blocked / 60_000)} minutes`;
  await record(needs, context, 'second-factor-blocked', { ...who, reason: 'second-factor-blocked', detail });
  return blockedFor(blocked);
}

function blockedFor(milliseconds: number): FactorVerdict {
  return { proved: false, reason: 'second-factor-blocked', retryAfterSeconds: Math.ceil(milliseconds / 1000) };
}
