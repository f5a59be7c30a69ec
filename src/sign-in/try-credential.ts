// Tries what a person typed at the EHR and keeps it only when the EHR took it. Counted per person and application over all
// sessions, one try at a time: neither may anybody guess another's password here, nor may a mistyped one get somebody locked
// out at the EHR. Never writes down what was typed, nor what the EHR's page said about it.

import { Fault, faults } from '../core/faults.ts';
import type { FaultCode } from '../core/faults.ts';
import { reasons } from '../core/reasons.ts';
import type { Reason } from '../core/reasons.ts';
import type { EhrCredential, TrialResult } from '../ehr-ports.ts';
import type { Session } from '../ports.ts';
import type { OneAtATime } from './one-at-a-time.ts';
import type { OwnContext } from './own-context.ts';
import { personKey } from './person-key.ts';
import { record, recordedSession } from './record.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

export type Tried = TrialResult | { readonly trial: 'blocked'; readonly retryAfterSeconds: number };

export interface Attempt {
  readonly session: Session;
  readonly application: string;
  readonly credential: EhrCredential;
  readonly context: OwnContext;
}

export type TryCredential = (attempt: Attempt) => Promise<Tried>;

/** Seconds after which somebody may come back who has too many tries waiting already. */
const crowdedSeconds = 5;

/** Rejects with a Fault when the EHR cannot be asked, or when it cannot be recorded; nothing is stored then. */
export function tryCredential(needs: SignInNeeds, turns: OneAtATime): TryCredential {
  return async (attempt) => {
    const key = `ehr ${personKey(attempt.session.subject)} ${attempt.application}`;
    const tried = await turns.run(key, async () => judge(needs, key, attempt));
    return tried ?? { trial: 'blocked', retryAfterSeconds: crowdedSeconds };
  };
}

async function judge(needs: SignInNeeds, key: string, attempt: Attempt): Promise<Tried> {
  const { session, application } = attempt;
  const blocked = await needs.attempts.blockedFor(key);
  if (blocked > 0) {
    // The EHR is not asked: it counts failures of its own, and a right password must not be told from a wrong one.
    await recordRefused(needs, attempt, 'too-many-attempts');
    return blockedFor(blocked);
  }
  const result = await ask(needs, key, attempt);
  let isDone = false;
  try {
    const tried =
      result.trial === 'signed-on' ? await keep(needs, key, attempt, result) : await refused(needs, key, attempt, result);
    isDone = true;
    return tried;
  } finally {
    // What cannot be recorded and kept did not happen: what the EHR has just opened is closed again.
    if (!isDone && opens.has(result.trial)) await needs.ehrTrial.leave(session, application);
  }
}

const opens: ReadonlySet<TrialResult['trial']> = new Set(['signed-on', 'password-change']);

/** A try of which nobody heard the end may have been a failure at the EHR, so it counts as one. */
async function ask(needs: SignInNeeds, key: string, attempt: Attempt): Promise<TrialResult> {
  const { session, application, credential, context } = attempt;
  try {
    return await needs.ehrTrial.try(session, application, credential, context.address);
  } catch (cause) {
    const blocked = await needs.attempts.fail(key);
    await recordRefused(needs, attempt, cause instanceof Fault ? cause.code : 'internal');
    if (blocked > 0) await recordBlocked(needs, attempt, blocked);
    throw cause;
  }
}

async function keep(needs: SignInNeeds, key: string, attempt: Attempt, result: TrialResult): Promise<Tried> {
  const { session, application, credential, context } = attempt;
  await needs.attempts.clear(key);
  const detail = `for application "${application}"`;
  await record(needs, context, 'credential-stored', { ...recordedSession(session), decision: 'allowed', detail });
  await needs.vault.put(session.subject, application, credential);
  return result;
}

type NotSignedOn = Exclude<TrialResult, { trial: 'signed-on' }>;

const reasonOf = {
  refused: 'ehr-credential-refused',
  'password-change': 'ehr-password-change',
  unrecognised: 'ehr-sign-on-unrecognised',
  paused: 'ehr-sign-on-paused',
} as const satisfies Record<NotSignedOn['trial'], Reason>;

/** An answer nobody understands may have been a failure, so it counts as one; whom the EHR asks for a new password it knew. */
const counts: ReadonlySet<NotSignedOn['trial']> = new Set(['refused', 'unrecognised']);

async function refused(needs: SignInNeeds, key: string, attempt: Attempt, result: NotSignedOn): Promise<Tried> {
  const blocked = counts.has(result.trial) ? await needs.attempts.fail(key) : 0;
  const answered = result.trial === 'unrecognised' ? ` answered ${result.status}` : '';
  await recordRefused(needs, attempt, reasonOf[result.trial], answered);
  if (blocked === 0) return result;
  await recordBlocked(needs, attempt, blocked);
  return blockedFor(blocked);
}

async function recordBlocked(needs: SignInNeeds, attempt: Attempt, milliseconds: number): Promise<void> {
  await recordRefused(needs, attempt, 'too-many-attempts', `: blocked for ${Math.ceil(milliseconds / 60_000)} minutes`);
}

async function recordRefused(needs: SignInNeeds, attempt: Attempt, reason: Reason | FaultCode, more = ''): Promise<void> {
  const { session, application, context } = attempt;
  const { status } = { ...reasons, ...faults }[reason];
  const detail = `application "${application}"${more}`;
  await record(needs, context, 'ehr-sign-on', { ...recordedSession(session), decision: 'refused', reason, status, detail });
}

function blockedFor(milliseconds: number): Tried {
  return { trial: 'blocked', retryAfterSeconds: Math.ceil(milliseconds / 1000) };
}
