// Whether the browser that signs in at one application is signed in at another already. Cookies do not cross hosts, so the
// browser is sent there and back: that host answers what its own cookie says, sealed for this one sign-in. That the provider
// names the same session proves less: whoever stole its cookie would have the second factor with it.

import { isEmergency } from '../core/session/is-emergency.ts';
import type { Session, Subject } from '../ports.ts';
import type { Joining, PendingSignIn } from './interaction.ts';
import { otherSessions } from './other-sessions.ts';
import type { OwnContext } from './own-context.ts';
import { personKey } from './person-key.ts';
import { standingOf } from './read-browser.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

export const joinPath = '/.wardgate/join';
export const joinedPath = '/.wardgate/joined';

/** Applications that a browser is sent to on one way in. */
const mostAsked = 3;
/** The way there and back, milliseconds. */
const lifetimeMilliseconds = 60_000;
const longestSealed = 4096;

/** What the other application is asked. */
export interface JoinAsked {
  readonly nonce: string;
  /** The application that asks. */
  readonly application: string;
  readonly person: string;
  readonly at: number;
}

interface JoinAnswer {
  readonly reference: string;
  readonly at: number;
}

/** Names of the other applications that this person is signed in to, the one they used last first. */
export async function othersToAsk(needs: SignInNeeds, subject: Subject, application: string): Promise<readonly string[]> {
  if (needs.settings.applications.size === 1) return [];
  const open = (await otherSessions(needs, subject, null)).filter(({ isLocked, session }) => !isLocked && mayJoin(session));
  const latest = open.toSorted((a, b) => b.session.lastActiveAt - a.session.lastActiveAt);
  const names = new Set(latest.flatMap(({ session }) => session.place?.application ?? []));
  names.delete(application);
  return [...names].filter((name) => needs.settings.applications.has(name)).slice(0, mostAsked);
}

/** The address that asks the first of those left, and what is then left; null where there is none. */
export function nextToAsk(
  needs: SignInNeeds,
  subject: Subject,
  application: string,
  joining: Omit<Joining, 'nonce'>,
): { readonly joining: Joining; readonly to: string } | null {
  const [name = '', ...left] = joining.left;
  const origin = needs.settings.applications.get(name)?.origin;
  if (origin === undefined) return null;
  const nonce = needs.randomness.id();
  const asked: JoinAsked = { nonce, application, person: personKey(subject), at: needs.clock.now() };
  const sealed = needs.sealer.seal('join asked', name, JSON.stringify(asked));
  return { joining: { ...joining, left, nonce }, to: `${origin}${joinPath}?ask=${encodeURIComponent(sealed)}` };
}

/** What an application is asked, where it was asked here and just now; else null. */
export function readAsked(needs: SignInNeeds, application: string, sealed: string | null): JoinAsked | null {
  return opened(needs, 'join asked', application, sealed) as JoinAsked | null;
}

/** Where the browser goes back to; with the session it has shown, or with nothing. */
export function answerTo(needs: SignInNeeds, { application, nonce }: JoinAsked, session: Session | null): string | null {
  const origin = needs.settings.applications.get(application)?.origin;
  if (origin === undefined) return null;
  if (session === null) return `${origin}${joinedPath}`;
  const answer = JSON.stringify({ reference: session.reference, at: needs.clock.now() });
  return `${origin}${joinedPath}?answer=${encodeURIComponent(needs.sealer.seal('join answered', nonce, answer))}`;
}

/** Reference of the session that the browser has shown on the way this interaction sent it; else null. */
export function readAnswer(needs: SignInNeeds, { nonce }: Joining, sealed: string | null): string | null {
  const answer = opened(needs, 'join answered', nonce, sealed) as JoinAnswer | null;
  return answer?.reference ?? null;
}

/** The session that the browser has shown, while it may still be used; else null. */
export async function joinedSession(
  needs: SignInNeeds,
  context: OwnContext,
  { subject, joined }: Pick<PendingSignIn, 'subject' | 'joined'>,
): Promise<Session | null> {
  if (joined === undefined) return null;
  const all = await needs.sessions.ofSubject(subject.issuer, subject.sub);
  const found = all.find(({ reference }) => reference === joined);
  if (found === undefined || !mayJoin(found)) return null;
  return standingOf(needs, found, context).standing === 'active' ? found : null;
}

/** What was opened without the provider, or waits in nobody's browser, goes by itself. */
export function mayJoin(session: Session): boolean {
  return !isEmergency(session) && (session.parked ?? null) === null;
}

function opened(
  { sealer, clock }: SignInNeeds,
  purpose: string,
  owner: string,
  sealed: string | null,
): JoinAsked | JoinAnswer | null {
  if (sealed === null || sealed.length > longestSealed) return null;
  let read: JoinAsked | JoinAnswer;
  try {
    read = JSON.parse(sealer.open(purpose, owner, sealed)) as JoinAsked | JoinAnswer;
  } catch {
    return null;
  }
  const age = clock.now() - read.at;
  return age >= 0 && age <= lifetimeMilliseconds ? read : null;
}
