// GET and POST /.wardgate/emergency-sign-in: the way in while the identity provider is down, for people whom the clinic has named.
// A sealed code first, then their own second factor (`factor-route.ts`); a code is used up only by a sign-in that went through.
// Whoever guesses hears the same answer for every name, and is counted by address and by name.

import type { Request, Response } from 'express';
import { emergencyRoles } from '../core/emergency/emergency-roles.ts';
import type { EmergencyPerson } from '../emergency-ports.ts';
import { emergencySignInPage } from '../pages/emergency-sign-in-page.ts';
import { wordsIn } from '../pages/words-in.ts';
import { matchingCode } from './emergency-code.ts';
import { mayTryEmergency } from './emergency-open.ts';
import { fieldOf, returnTo } from './factor-route.ts';
import { setPending } from './interaction.ts';
import type { PendingSignIn } from './interaction.ts';
import type { OneAtATime } from './one-at-a-time.ts';
import { ownContext } from './own-context.ts';
import type { OwnContext } from './own-context.ts';
import { record, recordedSubject } from './record.ts';
import { pageClinic } from './page-clinic.ts';
import { withReturn } from './return-path.ts';
import { sendOn, sendPage, sendRefusal } from './send.ts';
import { sessionKey } from './session-key.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

const path = '/.wardgate/emergency-sign-in';

export function showEmergencySignIn(needs: SignInNeeds) {
  return (_req: Request, res: Response): void => {
    if (isOpen(needs, res)) sendPage(res, page(needs, res, null));
  };
}

export function postEmergencySignIn(needs: SignInNeeds, turns: OneAtATime) {
  return async (req: Request, res: Response): Promise<void> => {
    if (!isOpen(needs, res)) return;
    const context = ownContext(needs, res);
    const name = fieldOf(req, 'name')?.trim() ?? '';
    const keys = [`emergency from ${context.address}`, `emergency as ${sessionKey(name)}`];
    // One try at a time from everywhere: what is counted is counted before the next one begins.
    const tried = await turns.run('emergency', async () => attempt(needs, context, keys, name, fieldOf(req, 'code') ?? ''));
    if (tried === null || 'blockedMilliseconds' in tried) {
      const minutes = Math.ceil((tried?.blockedMilliseconds ?? 60_000) / 60_000);
      res.setHeader('Retry-After', String(minutes * 60));
      sendPage(res, page(needs, res, { is: 'blocked', minutes }), 429);
    } else if ('wrong' in tried) sendPage(res, page(needs, res, { is: 'wrong' }), 403);
    else {
      await setPending(req, tried);
      sendOn(res, withReturn('/.wardgate/second-factor', returnTo(needs, res)));
    }
  };
}

type Tried = PendingSignIn | { readonly wrong: true } | { readonly blockedMilliseconds: number };

async function attempt(
  needs: SignInNeeds,
  context: OwnContext,
  keys: readonly string[],
  name: string,
  typed: string,
): Promise<Tried> {
  const blocked = Math.max(...(await Promise.all(keys.map(async (key) => needs.attempts.blockedFor(key)))));
  if (blocked > 0) {
    await recordFailed(needs, context, 'too-many-attempts', null);
    return { blockedMilliseconds: blocked };
  }
  const found = await prove(needs, context, name, typed);
  if ('pending' in found) {
    for (const key of keys) await needs.attempts.clear(key);
    await record(needs, context, 'emergency-code', { subject: recordedSubject(found.pending.subject), decision: 'allowed' });
    return found.pending;
  }
  const blocks = await Promise.all(keys.map(async (key) => needs.attempts.fail(key)));
  await recordFailed(needs, context, 'sign-in-failed', found.why);
  return Math.max(...blocks) > 0 ? { blockedMilliseconds: Math.max(...blocks) } : { wrong: true };
}

/** Looks everything up for whatever was typed, so that nobody can tell by the time it takes whose name was right. */
async function prove(
  needs: SignInNeeds,
  { application }: OwnContext,
  name: string,
  typed: string,
): Promise<{ readonly pending: PendingSignIn } | { readonly why: string }> {
  const now = needs.clock.now();
  const named = await needs.emergency.named(name);
  const person = named[0] ?? nobody;
  const { issuer, sub } = person.subject;
  const hash = matchingCode({ issuer, sub }, typed, await needs.emergency.codes(issuer, sub));
  const enrolled = await enrolledBefore(needs, person, needs.watch.silentSince ?? 0);
  const { people = [], roles: narrowed = null } = needs.settings.signIn.emergency ?? {};
  const roles = emergencyRoles(person, narrowed, new Set(needs.policy().roles.keys()), now);
  if (!people.includes(name)) return { why: 'the name is not one of the emergency people' };
  if (named.length !== 1) return { why: `${named.length} people of that name have signed in here` };
  if (hash === null) return { why: `the code of "${name}" is wrong or was used` };
  if (!enrolled) return { why: `"${name}" had no second factor here before the provider fell silent` };
  if (roles.length === 0) return { why: `"${name}" has no role here for an emergency, or was last seen too long ago` };
  const pending = {
    subject: person.subject,
    roles,
    providerSession: null,
    sealedTokens: null,
    application,
    at: now,
    enrolSecret: null,
  };
  return { pending: { ...pending, emergency: { hash, rolesSeenAt: person.seenAt } } };
}

const nobody: EmergencyPerson = { subject: { issuer: '', sub: '', name: '', displayName: '' }, roles: [], seenAt: 0 };

/** A factor that was set up in the dark might be anybody's. */
async function enrolledBefore(
  { factors, passkeys }: SignInNeeds,
  { subject }: EmergencyPerson,
  before: number,
): Promise<boolean> {
  const { issuer, sub } = subject;
  const [totp, keys] = await Promise.all([factors.totp(issuer, sub), passkeys.list(issuer, sub)]);
  const times = [...(totp === null ? [] : [totp.enrolledAt]), ...keys.map(({ addedAt }) => addedAt)];
  return times.length > 0 && times.every((at) => at < before);
}

/** Within the budget of an address: nobody is known yet. Who it was to be stands in the record, never on the page. */
async function recordFailed(needs: SignInNeeds, context: OwnContext, reason: string, detail: string | null): Promise<void> {
  if (!needs.mayRecordAnonymous(context.address)) return;
  await record(needs, context, 'emergency-sign-in-failed', { decision: 'refused', reason, detail });
}

/** Says so where it is closed: not configured, another zone, or the provider answers. */
function isOpen(needs: SignInNeeds, res: Response): boolean {
  if (mayTryEmergency(needs, ownContext(needs, res))) return true;
  const configured = (needs.settings.signIn.emergency ?? null) !== null;
  if (!configured) sendRefusal(needs, res, 'page-not-found');
  else
    sendRefusal(needs, res, 'emergency-closed', {
      remedy: { href: '/.wardgate/sign-in', label: wordsIn(pageClinic(needs, res).language).ways.signIn },
    });
  return false;
}

function page(needs: SignInNeeds, res: Response, problem: Parameters<typeof emergencySignInPage>[0]['problem']): string {
  return emergencySignInPage({ clinic: pageClinic(needs, res), action: withReturn(path, returnTo(needs, res)), problem });
}
