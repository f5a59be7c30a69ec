// GET /.wardgate/callback: the provider's answer. Takes the started sign-in exactly once, has the code exchanged, reads
// the roles, and goes on to the second factor. A stale answer with a valid session just goes on: tabs are restored
// in the morning, and nobody should see an error for that.

import type { Request, RequestHandler, Response } from 'express';
import { setCookie } from '../core/session/cookies.ts';
import { acceptProviderFactor } from '../core/second-factor/accept-provider-factor.ts';
import { Fault } from '../core/faults.ts';
import type { ProviderIdentity, SignInTransaction } from '../identity-ports.ts';
import { fillText } from '../pages/fill-text.ts';
import type { PageClinic } from '../pages/layout.ts';
import { wordsIn } from '../pages/words-in.ts';
import { completeSignIn } from './complete-sign-in.ts';
import { setPending } from './interaction.ts';
import type { PendingSignIn } from './interaction.ts';
import { nextToAsk, othersToAsk } from './join-sessions.ts';
import { landing } from './landing.ts';
import { ownContext } from './own-context.ts';
import type { OwnContext } from './own-context.ts';
import { pageClinic } from './page-clinic.ts';
import { cookieId } from './read-browser.ts';
import { record, recordedSubject } from './record.ts';
import { rememberedFactor } from './remember-factor.ts';
import { withReturn } from './return-path.ts';
import { refuseLeaver } from './refuse-leaver.ts';
import { rolesOf } from './roles-of.ts';
import { sendOn, sendRefusal } from './send.ts';
import { sessionKey } from './session-key.ts';
import { sealTokens } from './session-tokens.ts';
import { concludeSilent, endSilent } from './silent-sign-in.ts';
import { startOver } from './start-over.ts';
import { unlockByProvider } from './unlock-by-provider.ts';
import type { SignInNeeds } from './sign-in-needs.ts';
import { wayOn } from './way-on.ts';

/** What a provider answers to `prompt=none` when the person has to be asked (OpenID Connect Core 3.1.2.6). */
const needsAsking: ReadonlySet<string | null> = new Set([
  'login_required',
  'interaction_required',
  'consent_required',
  'account_selection_required',
]);

export function callbackRoute(needs: SignInNeeds): RequestHandler {
  return async (req, res) => {
    const context = ownContext(needs, res);
    const transaction = await takeTransaction(needs, req, res);
    if (transaction === null) {
      await startOver(needs, req, res);
      return;
    }
    const finished = await finish(needs, res, context.target.query ?? '', transaction);
    if (finished.ok) {
      await signInAs(needs, req, res, finished.identity, transaction);
      return;
    }
    if (transaction.silent && needsAsking.has(finished.error)) {
      sendOn(res, withReturn('/.wardgate/sign-in', transaction.returnTo));
      return;
    }
    await recordStranger(needs, context, finished.why);
    sendRefusal(needs, res, 'sign-in-failed', { detail: finished.why, remedy: tryAgain(transaction, pageClinic(needs, res)) });
  };
}

/** Nobody is known yet, so the record counts against the address's budget: a stranger must not fill the disk. */
async function recordStranger(needs: SignInNeeds, context: OwnContext, detail: string): Promise<void> {
  if (!needs.mayRecordAnonymous(context.address)) return;
  await record(needs, context, 'sign-in-failed', { decision: 'refused', reason: 'sign-in-failed', detail });
}

/** The sign-in this answer belongs to, if it was started by this browser for this application and is still open. */
async function takeTransaction(needs: SignInNeeds, req: Request, res: Response): Promise<SignInTransaction | null> {
  const context = ownContext(needs, res);
  const states = new URLSearchParams(context.target.query ?? '').getAll('state');
  const [state] = states;
  const browser = cookieId(req, 'browser', context.settings.secure);
  if (state === undefined || states.length > 1 || state.length > 200 || browser === null) return null;
  const transaction = await needs.signIns.take(state);
  if (transaction === null || transaction.application !== context.application) return null;
  // An answer opened in another browser would sign its owner in as somebody else (RFC 6749 10.12).
  return transaction.browser === sessionKey(browser) ? transaction : null;
}

async function finish(
  needs: SignInNeeds,
  res: Response,
  query: string,
  transaction: SignInTransaction,
): ReturnType<SignInNeeds['provider']['finish']> {
  const context = ownContext(needs, res);
  const repeated = repeatedOrForeign(query);
  if (repeated !== null) return { ok: false, error: null, why: repeated };
  try {
    return await needs.provider.finish(context.application, query, transaction);
  } catch (cause) {
    const detail = cause instanceof Fault ? `${cause.code}: ${cause.message}` : 'internal';
    await recordStranger(needs, context, detail);
    throw cause;
  }
}

/** Only the code flow is used: tokens in the address bar are somebody else's, and so is an answer given twice. */
function repeatedOrForeign(query: string): string | null {
  const parameters = new URLSearchParams(query);
  for (const name of ['id_token', 'access_token', 'token', 'response']) {
    if (parameters.has(name)) return `The answer carries "${name}", which is not part of the code flow`;
  }
  for (const name of new Set(parameters.keys())) {
    if (parameters.getAll(name).length > 1) return 'The answer names a parameter twice';
  }
  return null;
}

async function signInAs(
  needs: SignInNeeds,
  req: Request,
  res: Response,
  identity: ProviderIdentity,
  transaction: SignInTransaction,
): Promise<void> {
  const context = ownContext(needs, res);
  const { subject, claims, providerSession, tokens } = identity;
  if (await refuseLeaver(needs, res, subject)) return;
  const read = rolesOf(needs.policy(), claims, needs.settings.signIn.rolesClaim);
  if (read.roles === null) {
    const { reason, detail } = read;
    if (transaction.silent) await endSilent(needs, req, res, subject, transaction, detail);
    await record(needs, context, 'sign-in-failed', { subject: recordedSubject(subject), decision: 'refused', reason, detail });
    // Trying again would bring the same person without asking: the provider's session goes on, and another begins by its end.
    const { signIn, ways } = wordsIn(pageClinic(needs, res).language);
    const says = fillText(signIn.signedInAs, { name: subject.name });
    sendRefusal(needs, res, reason, { says, detail, remedy: { href: '/.wardgate/sign-out', label: ways.signOut } });
    return;
  }
  const sealedTokens = sealTokens(needs.sealer, subject, tokens);
  const known = {
    subject,
    roles: read.roles,
    providerSession,
    sealedTokens,
    application: context.application,
    at: needs.clock.now(),
    ...(transaction.switchedFrom === undefined ? {} : { switchedFrom: transaction.switchedFrom }),
  };
  if (transaction.unlocks === true && (await unlockByProvider(needs, req, res, known, transaction))) return;
  if (transaction.silent && (await concludeSilent(needs, req, res, known, transaction))) return;
  await goOn(needs, req, res, known, identity, transaction);
}

/** In at once where the second factor has been shown, else to where it is; over another application where they are signed in. */
async function goOn(
  needs: SignInNeeds,
  req: Request,
  res: Response,
  known: Omit<PendingSignIn, 'enrolSecret'>,
  { claims, authenticatedAt }: ProviderIdentity,
  transaction: SignInTransaction,
): Promise<void> {
  const context = ownContext(needs, res);
  const { subject } = known;
  // When the provider asked, not when it was asked about it: a session there may be hours old.
  const shownAt = Math.max(0, Math.min(Math.floor(authenticatedAt ?? 0), known.at));
  const provided = acceptProviderFactor(claims, needs.settings.secondFactor, shownAt);
  // A step-up at the sign-in service asks anew, and so do we.
  const stepsUp = transaction.maxAgeSeconds !== undefined;
  const factor = provided ?? (stepsUp ? null : await rememberedFactor(needs, req, context, subject));
  const left = stepsUp ? [] : await othersToAsk(needs, subject, context.application);
  const next = nextToAsk(needs, subject, context.application, { returnTo: transaction.returnTo, left });
  if (next !== null) {
    await setPending(req, { ...known, enrolSecret: null, joining: next.joining, ...(factor === null ? {} : { proved: factor }) });
    sendOn(res, next.to);
    return;
  }
  if (factor !== null) {
    if (await completeSignIn(needs, req, res, known, factor, transaction.returnTo))
      sendOn(res, await wayOn(needs, subject, await landing(needs, subject, context.application, transaction.returnTo)));
    return;
  }
  await setPending(req, { ...known, enrolSecret: null });
  res.append('Set-Cookie', setCookie('retry', '', context.settings.secure, 0));
  sendOn(res, withReturn('/.wardgate/second-factor', transaction.returnTo));
}

function tryAgain({ returnTo }: SignInTransaction, { language }: PageClinic): { href: string; label: string } {
  return { href: withReturn('/.wardgate/sign-in', returnTo), label: wordsIn(language).ways.tryAgain };
}
