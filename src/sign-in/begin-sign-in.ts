// Begins a sign-in at the provider: where the browser wanted to go is kept on our side, bound to this browser, and the
// browser is told where the provider asks.

import type { Request, Response } from 'express';
import { Fault } from '../core/faults.ts';
import { setCookie } from '../core/session/cookies.ts';
import type { IdentityProvider } from '../identity-ports.ts';
import type { Session } from '../ports.ts';
import { ownContext } from './own-context.ts';
import type { OwnContext } from './own-context.ts';
import { cookieId } from './read-browser.ts';
import { sessionKey } from './session-key.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

const transactionSeconds = 600;
const browserSeconds = 12 * 3600;
/** From the provider's question to its answer here. */
const freshSeconds = 60;

export interface Beginning {
  readonly returnTo: string;
  /** A login name for the provider's form. */
  readonly hint: string | null;
  /** The provider asks anew: a session that is still open there proves nothing. */
  readonly isFresh: boolean;
  /** The session whose roles are read again without asking anybody. */
  readonly silentFor: Session | null;
  /** The session that it unlocks. */
  readonly unlocks: Session | null;
  /** Reference of the session that stood at this desk before. */
  readonly switchedFrom?: string;
}

/** Where the provider asks; null where it has never answered, so that nobody knows its address. Rejects with a Fault. */
export async function beginSignIn(needs: SignInNeeds, req: Request, res: Response, beginning: Beginning): Promise<string | null> {
  const context = ownContext(needs, res);
  const { returnTo, hint, isFresh, silentFor, unlocks, switchedFrom } = beginning;
  const age = isFresh ? { maxAgeSeconds: freshSeconds } : {};
  const started = await startAtProvider(needs, context.application, {
    loginHint: hint,
    silent: silentFor !== null,
    ...age,
    ...(silentFor === null ? factorAsked(needs) : {}),
  });
  if (started === null) return null;
  const { url, state, nonce, verifier } = started;
  const transaction = {
    state,
    nonce,
    verifier,
    application: context.application,
    returnTo,
    browser: sessionKey(bindBrowser(needs, req, res, context)),
    silent: silentFor !== null,
    ...age,
    sessionKey: (unlocks ?? silentFor)?.key ?? null,
    ...(unlocks === null ? {} : { unlocks: true }),
    ...(switchedFrom === undefined ? {} : { switchedFrom }),
    expiresAt: needs.clock.now() + transactionSeconds * 1000,
  };
  await needs.signIns.put(transaction, context.address);
  return url;
}

async function startAtProvider(needs: SignInNeeds, application: string, options: Parameters<IdentityProvider['start']>[1]) {
  try {
    return await needs.provider.start(application, options);
  } catch (cause) {
    if (cause instanceof Fault && cause.code === 'identity-provider-unavailable') return null;
    throw cause;
  }
}

/** What the configuration trusts is what the provider is asked for; not silently, where it could ask nobody for anything. */
function factorAsked({ settings: { secondFactor } }: SignInNeeds): { levels: readonly string[]; contexts: readonly string[] } {
  return { levels: secondFactor.trustAcr, contexts: secondFactor.trustAcrs };
}

/** The id that ties started sign-ins to this browser, kept or made. */
function bindBrowser(needs: SignInNeeds, req: Request, res: Response, { settings }: OwnContext): string {
  const kept = cookieId(req, 'browser', settings.secure);
  const id = kept ?? needs.randomness.id();
  res.append('Set-Cookie', setCookie('browser', id, settings.secure, browserSeconds));
  return id;
}
