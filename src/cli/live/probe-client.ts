// Whether the provider knows the gateway: its client and secret, by a code that is none, and its redirect addresses, by a
// sign-in that asks nobody. Nobody is signed in.

import {
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  ClientError,
  genericGrantRequest,
  randomPKCECodeVerifier,
  randomState,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
} from 'openid-client';
import type { Configuration } from 'openid-client';
import { systemClock } from '../../adapters/clock-system.ts';
import { ProviderDiscovery } from '../../adapters/provider-discovery.ts';
import { printable } from '../../adapters/provider-faults.ts';
import { providerFetch } from '../../adapters/provider-fetch.ts';
import type { ApplicationSettings, Settings } from '../../config/settings.ts';
import { Fault } from '../../core/faults.ts';
import type { OperationsLog } from '../../ports.ts';
import { findings } from './finding.ts';
import type { Finding } from './finding.ts';

/** The lines of the probes say what a log would. */
export const noLog: OperationsLog = { info: () => undefined, warn: () => undefined, error: () => undefined };

const client = findings('client');

export async function probeClient({ signIn, applications }: Settings, signal: AbortSignal): Promise<readonly Finding[]> {
  const fetch = providerFetch(signIn.trustFile);
  let configuration: Configuration;
  try {
    configuration = await new ProviderDiscovery({ settings: signIn, clock: systemClock, log: noLog, fetch }).configuration();
  } catch (cause) {
    if (cause instanceof Fault) return [client.unknown('Cannot be asked while the lines about the provider are not all ok')];
    throw cause;
  }
  const redirects = [...applications.values()].map((application) => redirectOf(configuration, application, fetch, signal));
  const secret = signIn.clientSecret === '' ? noSecret() : judgeSecret(configuration, signIn.clientId, applications);
  return Promise.all([secret, ...redirects]);
}

function noSecret(): Finding {
  return client.failed('Its secret cannot be read here', 'run this where the gateway runs, as the user it runs as');
}

function redirectAddress({ origin }: ApplicationSettings): string {
  return `${origin}/.wardgate/callback`;
}

/** A provider looks at the client and its secret before it looks at the code (RFC 6749, 5.2). */
async function judgeSecret(
  configuration: Configuration,
  clientId: string,
  applications: Settings['applications'],
): Promise<Finding> {
  const [first] = applications.values();
  const redirect = first === undefined ? '' : redirectAddress(first);
  const asked = { code: 'wardgate-check', redirect_uri: redirect, code_verifier: randomPKCECodeVerifier() };
  try {
    await genericGrantRequest(configuration, 'authorization_code', asked);
  } catch (cause) {
    const error = errorOf(cause);
    if (error === 'invalid_grant') return client.ok(`The provider knows the client "${clientId}" and takes its secret`);
    if (error === 'invalid_client' || error === 'unauthorized_client') {
      const fix = 'compare clientId and the secret with the client there; a secret may have expired';
      return client.failed(`The provider does not take the client "${clientId}" with its secret (${error})`, fix);
    }
    return client.unknown(`The provider does not say whether it takes the client "${clientId}" (${error})`);
  }
  return client.failed('The provider took a code that it never gave', 'do not use it');
}

function errorOf(cause: unknown): string {
  if (cause instanceof ResponseBodyError) return printable(cause.error, 60);
  // RFC 6749, 5.2: a client that used the Authorization header is answered in one.
  if (cause instanceof WWWAuthenticateChallengeError) return cause.status === 401 ? 'invalid_client' : `status ${cause.status}`;
  if (cause instanceof ClientError && cause.cause instanceof Response) return `status ${cause.cause.status}`;
  return cause instanceof Error ? printable(cause.message, 120) : 'no reason given';
}

/** A provider goes back to an address with `login_required` only where it is registered (OpenID Connect Core, 3.1.2.6). */
async function redirectOf(
  configuration: Configuration,
  application: ApplicationSettings,
  fetch: ReturnType<typeof providerFetch>,
  signal: AbortSignal,
): Promise<Finding> {
  const say = findings('redirect', application.name);
  const redirect = redirectAddress(application);
  const url = buildAuthorizationUrl(configuration, {
    redirect_uri: redirect,
    scope: 'openid',
    code_challenge: await calculatePKCECodeChallenge(randomPKCECodeVerifier()),
    code_challenge_method: 'S256',
    state: randomState(),
    prompt: 'none',
  });
  const answer = await fetch(url.href, { method: 'GET', headers: { accept: 'text/html' }, signal }).catch(() => null);
  if (answer === null) return say.unknown('The provider did not answer when it was asked to sign nobody in');
  const location = answer.headers.get('location') ?? '';
  if (answer.status < 400 && location.startsWith(redirect)) return say.ok(`${redirect} is registered`);
  const fix = `register ${redirect} as redirect address of the client there`;
  if (answer.status >= 400 && answer.status < 500)
    return say.failed(`The provider refuses ${redirect} (status ${answer.status})`, fix);
  return say.unknown(`The provider does not say whether it takes ${redirect}`, `see that it is registered; --sign-in tells`);
}
