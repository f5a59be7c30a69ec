// Reads a person's roles again at the provider, so that somebody who was taken out of a group is out here too. Once per
// session at a time. The provider's "no" ends the session; its silence does not, for a bounded time.

import type { SignInSettings } from '../config/settings.ts';
import { Fault } from '../core/faults.ts';
import { isEmergency } from '../core/session/is-emergency.ts';
import { judgeSilence } from '../core/session/judge-silence.ts';
import type { EndReason, LockReason, Session } from '../core/session/session.ts';
import { unreachable } from '../core/unreachable.ts';
import type { ProviderIdentity } from '../identity-ports.ts';
import type { SharedParts } from '../shared-ports.ts';
import { mustReturn } from './emergency-session.ts';
import { record, recordedSession } from './record.ts';
import { rememberForEmergency } from './remember-for-emergency.ts';
import { rolesOf } from './roles-of.ts';
import { openTokens, sealTokens } from './session-tokens.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

type Needs = Pick<
  SignInNeeds,
  'settings' | 'policy' | 'clock' | 'audit' | 'provider' | 'sessions' | 'sealer' | 'watch' | 'emergency' | 'people'
>;

/** Of all gateways. */
type Shared = Pick<SharedParts, 'turns' | 'changes'>;

/** Longer than the provider may take: discovery, token and claims, half a minute each. Whoever waits does so as for it. */
const turnTimes = { waitMilliseconds: 90_000, holdMilliseconds: 120_000 };

/** `fresh`: read just now, or recently enough. `kept`: the provider gave no verdict and the grace time runs; `locked`: it has run out. */
export type RefreshOutcome = 'fresh' | 'kept' | 'locked' | 'ended';

/** True when the claims are older than `recheckEvery`. A time in the future, after a clock change, is old. */
export function rolesAreStale(signIn: Pick<SignInSettings, 'recheckEverySeconds'>, session: Session, now: number): boolean {
  // One without the provider is looked at each time, so that it goes back there.
  if (isEmergency(session)) return true;
  const age = now - session.rolesCheckedAt;
  return age < 0 || age >= signIn.recheckEverySeconds * 1000;
}

/**
 * True when only the browser can have the claims read again, because the provider gave no refresh token: a page is sent to
 * `/.wardgate/sign-in?silent=1&return=…`, and anything else goes on until the grace time is over.
 */
export function needsSilentSignIn(
  needs: Pick<Needs, 'settings' | 'sealer' | 'provider' | 'watch'>,
  session: Session,
  now: number,
): boolean {
  if (isEmergency(session) || !needs.provider.ready || needs.watch.silent) return false;
  if (!rolesAreStale(needs.settings.signIn, session, now)) return false;
  return (openTokens(needs.sealer, session.subject, session.sealedTokens)?.refreshToken ?? null) === null;
}

/** `shared`: absent where the gateway is alone. The returned function rejects with a Fault only when a change cannot be recorded or stored, or others cannot be heard. */
export function refreshRoles(needs: Needs, shared?: Shared): (session: Session) => Promise<RefreshOutcome> {
  const running = new Map<string, Promise<RefreshOutcome>>();
  return async (session) => {
    if (!rolesAreStale(needs.settings.signIn, session, needs.clock.now())) return 'fresh';
    // By reference and not by key: a step-up changes the key, and a rotated token asked for twice is taken for a stolen one.
    const current = running.get(session.reference);
    if (current !== undefined) return current;
    const reading = shared === undefined ? refresh(needs, session) : refreshInTurn(needs, shared, session);
    const started = reading.finally(() => running.delete(session.reference));
    running.set(session.reference, started);
    return started;
  };
}

/**
 * One gateway at a time: a provider that changes refresh tokens takes the second use of one for a theft, and ends everything.
 * Whoever had to wait goes by what the session holds by now.
 */
async function refreshInTurn(needs: Needs, { turns, changes }: Shared, { subject, reference }: Session): Promise<RefreshOutcome> {
  return turns.run(
    `refresh ${reference}`,
    async () => {
      if (!(await changes.caughtUp()))
        throw new Fault('session-store-unavailable', { detail: 'What other gateways changed could not be heard' });
      const all = await needs.sessions.ofSubject(subject.issuer, subject.sub);
      const session = all.find((one) => one.reference === reference);
      if (session === undefined) return 'ended';
      return rolesAreStale(needs.settings.signIn, session, needs.clock.now()) ? refresh(needs, session) : 'fresh';
    },
    turnTimes,
  );
}

async function refresh(needs: Needs, session: Session): Promise<RefreshOutcome> {
  if (isEmergency(session)) return mustReturn(needs, session) ? lock(needs, session, 'provider-back') : 'kept';
  const refreshToken = openTokens(needs.sealer, session.subject, session.sealedTokens)?.refreshToken ?? null;
  if (refreshToken === null && !needs.watch.silent) return keepForSilentSignIn(needs, session);
  if (refreshToken === null) return keepForGrace(needs, session);
  const result = await needs.provider.refresh(session.subject, refreshToken);
  switch (result.refreshed) {
    case 'unavailable':
      return keepForGrace(needs, session);
    case 'refused':
      return end(needs, session, 'provider-refused', result.why);
    case 'yes':
      return adopt(needs, session, result.identity);
    default:
      return unreachable(result);
  }
}

async function adopt(
  needs: Needs,
  session: Session,
  identity: Omit<ProviderIdentity, 'authenticatedAt'>,
): Promise<RefreshOutcome> {
  const read = rolesOf(needs.policy(), identity.claims, needs.settings.signIn.rolesClaim);
  if (read.roles === null) return end(needs, session, 'provider-refused', read.detail);
  const { roles } = read;
  const changed = roles.toSorted().join('\n') !== session.roles.toSorted().join('\n');
  if (changed) {
    const detail = `before: ${session.roles.join(', ')}`;
    await record(needs, null, 'roles-refreshed', { ...recordedSession({ ...session, roles }), decision: 'allowed', detail });
    await needs.people.rolesRead(identity.subject, needs.clock.now(), roles);
  }
  await rememberForEmergency(needs, { subject: identity.subject, roles });
  const before = openTokens(needs.sealer, session.subject, session.sealedTokens);
  // A refresh may come without an ID token; the old one still serves as the hint for signing out.
  const idToken = identity.tokens.idToken === '' ? (before?.idToken ?? '') : identity.tokens.idToken;
  const renewed = {
    subject: identity.subject,
    roles,
    rolesCheckedAt: needs.clock.now(),
    sealedTokens: sealTokens(needs.sealer, session.subject, { idToken, refreshToken: identity.tokens.refreshToken }),
  };
  return (await follow(needs, session, async (key) => needs.sessions.update(key, renewed))) ? 'fresh' : 'ended';
}

/** Key changes of one session that may overlap with one reading of its roles; each is a step-up with a fresh code. */
const maximumMoves = 5;

/** Acts on the session under the key it has now: a step-up may have moved it while the provider was asked. */
async function follow(needs: Needs, session: Session, act: (key: string) => Promise<boolean>): Promise<boolean> {
  const { subject, reference } = session;
  let { key } = session;
  for (let moves = 0; moves <= maximumMoves; moves += 1) {
    if (await act(key)) return true;
    const moved = (await needs.sessions.ofSubject(subject.issuer, subject.sub)).find((one) => one.reference === reference);
    if (moved === undefined) return false;
    ({ key } = moved);
  }
  return false;
}

async function keepForGrace(needs: Needs, session: Session): Promise<RefreshOutcome> {
  const silence = judgeSilence(session, needs.settings.signIn, needs.clock.now());
  if (silence === 'goes-on') return 'kept';
  // What was typed stays: the person proves themselves to us and goes on, until the provider can be asked.
  if (silence === 'locks') return lock(needs, session, 'roles-stale');
  return end(needs, session, 'roles-stale', 'the roles could not be read again for too long');
}

/** The provider answers, and only the browser can ask it: a page does that by itself, so what never does is over in time. */
async function keepForSilentSignIn(needs: Needs, session: Session): Promise<RefreshOutcome> {
  const { recheckEverySeconds, recheckGraceSeconds } = needs.settings.signIn;
  const latest = session.rolesCheckedAt + (recheckEverySeconds + recheckGraceSeconds) * 1000;
  if (needs.clock.now() < latest) return 'kept';
  return end(needs, session, 'roles-stale', 'the roles could not be read again within the grace time');
}

async function lock(needs: Needs, session: Session, why: LockReason): Promise<RefreshOutcome> {
  return (await follow(needs, session, async (key) => needs.sessions.lock(key, needs.clock.now(), why))) ? 'locked' : 'ended';
}

async function end(needs: Needs, session: Session, reason: EndReason, detail: string): Promise<RefreshOutcome> {
  await follow(needs, session, async (key) => needs.sessions.end(key, reason));
  await record(needs, null, 'session-ended', { ...recordedSession(session), reason, detail });
  return 'ended';
}
