// Unlocks a session by the person's PIN for this device. It proves less than a factor, so it changes nothing of what the session
// has proved; five wrong ones end the session, because a thief at a desk has five tries and not six.

import type { Request } from 'express';
import { readPin } from '../core/second-factor/read-pin.ts';
import { fillText } from '../pages/fill-text.ts';
import type { Words } from '../pages/languages/en.ts';
import type { Session } from '../ports.ts';
import type { OneAtATime } from './one-at-a-time.ts';
import type { OwnContext } from './own-context.ts';
import { personKey } from './person-key.ts';
import { pinPlace } from './pin-place.ts';
import type { PinPlace } from './pin-place.ts';
import { record, recordedSession } from './record.ts';
import type { SignInNeeds } from './sign-in-needs.ts';
import { unlockSession } from './unlock-session.ts';

/** Null where it is unlocked; `ended` where that was the last try. */
export type PinRefusal = { readonly status: number; readonly text: string } | 'ended' | null;

interface Given {
  readonly req: Request;
  readonly session: Session;
  readonly context: OwnContext;
  readonly words: Words['lock'];
}

export function unlockByPin(needs: SignInNeeds, turns: OneAtATime): (given: Given, typed: string) => Promise<PinRefusal> {
  return async (given, typed) => {
    const { req, session, context, words } = given;
    const place = await pinPlace(needs, req, session, context);
    if (place === null) return notHere(needs, given);
    const pin = readPin(typed);
    if (pin === null) return { status: 403, text: words.pinForm };
    const refusal = await turns.run(`pin ${personKey(session.subject)}`, async () => judge(needs, given, place, pin));
    return refusal === undefined ? null : (refusal ?? { status: 429, text: words.pinBusy });
  };
}

/** Undefined where it is unlocked. */
async function judge(
  needs: SignInNeeds,
  given: Given,
  place: PinPlace,
  pin: string,
): Promise<Exclude<PinRefusal, null> | undefined> {
  const { session, context, words } = given;
  // Whoever waited in turn may find that the one before was the last.
  const found = await needs.sessions.find(session.key);
  if (found.found !== 'yes') return 'ended';
  const tried = await needs.pins.try(place.where, pin, place.since);
  if (tried.outcome === 'none') return notHere(needs, given);
  if (tried.outcome === 'right') {
    const isIt = await unlockSession(needs, context, session, `PIN on "${place.name}"`, {});
    return isIt ? undefined : 'ended';
  }
  const failed = { ...recordedSession(session), decision: 'refused', reason: 'pin-wrong' } as const;
  if (tried.left > 0) {
    await record(needs, context, 'pin-failed', { ...failed, detail: `${tried.left} tries left` });
    return { status: 403, text: fillText(words.pinWrong, { left: tried.left }) };
  }
  // Ended before it is recorded: a full disk must not give a sixth try.
  const isEnded = await needs.sessions.end(session.key, 'pin-failed');
  await needs.remembered.forget(place.where);
  await record(needs, context, 'pin-failed', { ...failed, detail: 'the last try' });
  await record(needs, context, 'pin-removed', { ...recordedSession(session), detail: `at "${place.name}", after wrong tries` });
  if (isEnded) await record(needs, context, 'session-ended', { ...recordedSession(session), reason: 'pin-failed' });
  return 'ended';
}

async function notHere(needs: SignInNeeds, { session, context, words }: Given): Promise<{ status: number; text: string }> {
  const why = { decision: 'refused', reason: 'pin-not-here' } as const;
  await record(needs, context, 'pin-failed', { ...recordedSession(session), ...why });
  return { status: 403, text: words.pinNotHere };
}
