// `check --live --sign-in`: a sign-in at the provider as people do it, by the code that does it for them, to see which claims it
// really brings. A listener of its own stands at the gateway's address meanwhile, serves nothing else, and signs nobody in.

import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { systemClock } from '../../adapters/clock-system.ts';
import { OpenIdProvider } from '../../adapters/identity-provider-openid.ts';
import { readCertificate } from '../../config/read-certificate.ts';
import { CertificateUnusable } from '../../config/certificate-unusable.ts';
import type { ApplicationSettings, Configuration, Settings } from '../../config/settings.ts';
import { Fault } from '../../core/faults.ts';
import { closeWithin, listen } from '../../http/listen.ts';
import type { SignInTransaction } from '../../identity-ports.ts';
import { inWords } from '../usage-problem.ts';
import { findings } from './finding.ts';
import type { Finding } from './finding.ts';
import { judgeClaims } from './judge-claims.ts';
import { noLog } from './probe-client.ts';

export interface SignInTried {
  readonly found: readonly Finding[];
  /** As they came, verified; null where nobody signed in. */
  readonly claims: Readonly<Record<string, unknown>> | null;
}

const say = findings('sign-in');
const mostStarted = 100;

/** `invite` is given the address to open; `seconds` is how long it waits for somebody. */
export async function trySignIn(
  configuration: Configuration,
  invite: (address: string) => void,
  seconds = 300,
): Promise<SignInTried> {
  const { settings } = configuration;
  const [application] = settings.applications.values();
  if (application === undefined) return failed('No application is configured');
  let server: Server;
  try {
    server = await serverOf(settings);
    await listen(server, settings.listen.port, settings.listen.host);
  } catch (cause) {
    return cannotListen(settings, application, cause);
  }
  const provider = new OpenIdProvider({
    settings: settings.signIn,
    applications: settings.applications,
    clock: systemClock,
    log: noLog,
  });
  try {
    return await oneSignIn(server, provider, application, configuration, invite, seconds);
  } finally {
    provider.close();
    await closeWithin(server, 500);
  }
}

function failed(says: string, fix?: string): SignInTried {
  return { found: [say.failed(says, fix)], claims: null };
}

async function serverOf({ listen: { certificateFile, keyFile, passphraseFile = null } }: Settings): Promise<Server> {
  if (certificateFile === null) return createServer();
  const { bytes } = await readCertificate({ certificateFile, keyFile, passphraseFile }, [], []);
  return createSecureServer({ ...bytes, minVersion: 'TLSv1.2' });
}

function cannotListen({ listen: { host, port } }: Settings, { origin }: ApplicationSettings, cause: unknown): SignInTried {
  if (cause instanceof CertificateUnusable) return failed(cause.message);
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  if (code === 'EADDRINUSE') {
    const fix = `stop the gateway for this test, or sign in at ${origin} and look at ${origin}/.wardgate/me`;
    return failed(
      `Port ${port} is taken, by the running gateway most likely, which takes the answer of the provider itself`,
      fix,
    );
  }
  const fix =
    code === 'EACCES'
      ? 'run it as root, or with the right to take ports below 1024 (CAP_NET_BIND_SERVICE)'
      : 'look at listen: in gateway.yaml';
  return failed(`Cannot listen at ${host}, port ${port} (${code})`, fix);
}

function oneSignIn(
  server: Server,
  provider: OpenIdProvider,
  application: ApplicationSettings,
  configuration: Configuration,
  invite: (address: string) => void,
  seconds: number,
): Promise<SignInTried> {
  // Whoever else finds the listener cannot begin: what they signed in with would be shown to somebody else.
  const invitation = randomBytes(16).toString('base64url');
  const started = new Map<string, SignInTransaction>();
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(failed(`Nobody signed in within ${seconds / 60} minutes`)), seconds * 1000);
    const end = (tried: SignInTried): void => {
      clearTimeout(timer);
      resolve(tried);
    };
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const url = new URL(request.url ?? '/', application.origin);
      const transaction = started.get(url.searchParams.get('state') ?? '');
      if (url.pathname === '/.wardgate/sign-in' && url.searchParams.get('check') === invitation && started.size < mostStarted) {
        begin(provider, application, started, response).catch((cause: unknown) => end(broke(cause, response)));
      } else if (url.pathname === '/.wardgate/callback' && transaction !== undefined) {
        started.delete(transaction.state);
        finish(provider, transaction, url.search.slice(1), configuration).then(
          (tried) => end(answered(tried, response)),
          (cause: unknown) => end(broke(cause, response)),
        );
      } else answer(response, 503, 'The gateway is not running; a sign-in is being tried here.');
    });
    invite(`${application.origin}/.wardgate/sign-in?check=${invitation}`);
  });
}

async function begin(
  provider: OpenIdProvider,
  { name }: ApplicationSettings,
  started: Map<string, SignInTransaction>,
  response: ServerResponse,
): Promise<void> {
  const { url, state, nonce, verifier } = await provider.start(name, { loginHint: null, silent: false });
  const unused = { returnTo: '/', browser: '', silent: false, sessionKey: null, expiresAt: Number.MAX_SAFE_INTEGER };
  started.set(state, { state, nonce, verifier, application: name, ...unused });
  response.writeHead(302, { location: url, 'cache-control': 'no-store' }).end();
}

async function finish(
  provider: OpenIdProvider,
  transaction: SignInTransaction,
  query: string,
  { settings, policy }: Configuration,
): Promise<SignInTried> {
  const finished = await provider.finish(transaction.application, query, transaction);
  if (!finished.ok) return failed(finished.why);
  const { signIn, secondFactor } = settings;
  const { identity } = finished;
  return { found: judgeClaims(identity, { policy, signIn, secondFactor }), claims: identity.claims };
}

function answered(tried: SignInTried, response: ServerResponse): SignInTried {
  const words = tried.claims === null ? 'The sign-in did not succeed.' : 'The sign-in succeeded. Nobody was let in.';
  answer(
    response,
    tried.claims === null ? 403 : 200,
    `${words} What came back stands where the check was started; this page can be closed.`,
  );
  return tried;
}

function broke(cause: unknown, response: ServerResponse): SignInTried {
  answer(response, 502, 'The sign-in broke off. Why stands where the check was started; this page can be closed.');
  if (cause instanceof Fault) return failed(inWords(cause));
  return failed(`The sign-in broke off: ${cause instanceof Error ? cause.message : String(cause)}`);
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(`${text}\n`);
}
