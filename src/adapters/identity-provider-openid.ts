// The clinic's identity provider over OpenID Connect: code flow with PKCE, state and nonce, every token checked, claims
// read again by refresh token. Never decides who may do what, and never keeps a token.

import {
  AuthorizationResponseError,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  buildEndSessionUrl,
  calculatePKCECodeChallenge,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  refreshTokenGrant,
  ResponseBodyError,
} from 'openid-client';
import type { Configuration } from 'openid-client';
import type { ApplicationSettings, SignInSettings } from '../config/settings.ts';
import { Fault } from '../core/faults.ts';
import { readClaim } from '../core/policy/map-roles.ts';
import type { Subject } from '../core/session/session.ts';
import type {
  IdentityProvider,
  LogoutVerdict,
  ProviderIdentity,
  RefreshResult,
  SignInStart,
  SignInTransaction,
} from '../identity-ports.ts';
import type { Clock, OperationsLog } from '../ports.ts';
import { refuseIdToken } from './id-token-checks.ts';
import { verifyLogoutToken } from './logout-token.ts';
import { ProviderDiscovery } from './provider-discovery.ts';
import { isUnavailable, printable, providerFault } from './provider-faults.ts';
import { providerFetch } from './provider-fetch.ts';
import { ProviderKeys } from './provider-keys.ts';
import { requestedFactor } from './requested-factor.ts';

export interface OpenIdNeeds {
  readonly settings: SignInSettings;
  readonly applications: ReadonlyMap<string, Pick<ApplicationSettings, 'origin'>>;
  readonly clock: Clock;
  readonly log: OperationsLog;
}

type Finished = Awaited<ReturnType<IdentityProvider['finish']>>;

interface Tokens {
  readonly access_token: string;
  readonly id_token?: string;
  readonly refresh_token?: string;
  claims(): Readonly<Record<string, unknown>> | undefined;
}

/** Pause after a refresh that got no answer, so that every open page does not wait for the same dead provider. */
const restMilliseconds = 2000;

export class OpenIdProvider implements IdentityProvider {
  readonly #needs: OpenIdNeeds;
  readonly #discovery: ProviderDiscovery;
  readonly #keys: ProviderKeys;
  #unansweredAt = Number.NEGATIVE_INFINITY;

  /** Begins discovery in the background. Throws when the issuer or the trust file cannot be used at all. */
  constructor(needs: OpenIdNeeds) {
    this.#needs = needs;
    const fetch = providerFetch(needs.settings.trustFile);
    this.#discovery = new ProviderDiscovery({ ...needs, fetch });
    this.#keys = new ProviderKeys({ address: () => this.#discovery.keysAddress(), fetch, clock: needs.clock });
    this.#discovery.begin();
  }

  get ready(): boolean {
    return this.#discovery.ready;
  }

  /** Stops trying to find the provider. */
  close(): void {
    this.#discovery.stop();
  }

  async start(application: string, options: Parameters<IdentityProvider['start']>[1]): Promise<SignInStart> {
    const configuration = await this.#discovery.configuration();
    const verifier = randomPKCECodeVerifier();
    const state = randomState();
    const nonce = randomNonce();
    const url = buildAuthorizationUrl(configuration, {
      redirect_uri: this.#redirectUri(application),
      scope: [...new Set(['openid', ...this.#needs.settings.scopes])].join(' '),
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
      ...(options.loginHint === null ? {} : { login_hint: options.loginHint }),
      ...(options.silent ? { prompt: 'none' } : {}),
      // Both, because some providers know only one of them; the answer is judged by `auth_time` alone.
      ...(options.maxAgeSeconds === undefined ? {} : { prompt: 'login', max_age: String(options.maxAgeSeconds) }),
      ...requestedFactor(options.levels ?? [], options.contexts ?? []),
    });
    return { url: url.href, state, nonce, verifier };
  }

  async finish(application: string, query: string, transaction: SignInTransaction): Promise<Finished> {
    const configuration = await this.#discovery.configuration();
    let tokens: Tokens;
    try {
      tokens = await authorizationCodeGrant(configuration, new URL(`${this.#redirectUri(application)}?${query}`), {
        expectedState: transaction.state,
        expectedNonce: transaction.nonce,
        pkceCodeVerifier: transaction.verifier,
        idTokenExpected: true,
        ...(transaction.maxAgeSeconds === undefined ? {} : { maxAge: transaction.maxAgeSeconds }),
      });
    } catch (cause) {
      return refusedBy(cause);
    }
    return this.#conclude(configuration, tokens);
  }

  async refresh(subject: Subject, refreshToken: string): Promise<RefreshResult> {
    if (this.#needs.clock.monotonic() - this.#unansweredAt < restMilliseconds) {
      return { refreshed: 'unavailable', cause: new Error('The sign-in service did not answer a moment ago') };
    }
    try {
      const configuration = await this.#discovery.configuration();
      const tokens: Tokens = await refreshTokenGrant(configuration, refreshToken);
      return await this.#refreshed(configuration, subject, tokens, refreshToken);
    } catch (cause) {
      if (isUnavailable(cause)) this.#unansweredAt = this.#needs.clock.monotonic();
      return judgeRefreshFailure(cause);
    }
  }

  async endSessionUrl(application: string, idToken: string | null, returnTo: string): Promise<string | null> {
    if (!this.#discovery.ready) return null;
    const configuration = await this.#discovery.configuration();
    if (configuration.serverMetadata().end_session_endpoint === undefined) return null;
    const { origin } = this.#application(application);
    const hint = idToken === null ? {} : { id_token_hint: idToken };
    return buildEndSessionUrl(configuration, { ...hint, post_logout_redirect_uri: `${origin}${returnTo}` }).href;
  }

  async verifyLogoutToken(token: string): Promise<LogoutVerdict> {
    const { issuer, clientId } = this.#needs.settings;
    return verifyLogoutToken(token, { issuer, clientId, keys: this.#keys.find, now: this.#needs.clock.now() });
  }

  async #conclude(configuration: Configuration, tokens: Tokens): Promise<Finished> {
    const idToken = tokens.id_token ?? '';
    const wrong = refuseIdToken(idToken, this.#needs.clock.now() / 1000);
    if (wrong !== null) throw misbehaved(wrong);
    const claims = await this.#withUserInfo(configuration, tokens, tokens.claims() ?? {});
    const subject = this.#subject(claims);
    if (subject === null) {
      const { nameClaim } = this.#needs.settings;
      return { ok: false, error: null, why: `The claim "${nameClaim}", which should hold the login name, is missing or empty` };
    }
    const authTime = claims['auth_time'];
    const identity: ProviderIdentity = {
      subject,
      claims,
      providerSession: typeof claims['sid'] === 'string' ? claims['sid'].slice(0, 255) : null,
      tokens: { idToken, refreshToken: tokens.refresh_token ?? null },
      authenticatedAt: typeof authTime === 'number' ? authTime * 1000 : null,
    };
    return { ok: true, identity };
  }

  async #refreshed(configuration: Configuration, before: Subject, tokens: Tokens, oldToken: string): Promise<RefreshResult> {
    const wrong = tokens.id_token === undefined ? null : refuseIdToken(tokens.id_token, this.#needs.clock.now() / 1000);
    if (wrong !== null) throw misbehaved(wrong);
    const claims = await this.#withUserInfo(configuration, tokens, tokens.claims() ?? { iss: before.issuer, sub: before.sub });
    if (claims['sub'] !== before.sub) return { refreshed: 'refused', why: 'The refreshed claims are about somebody else' };
    const identity = {
      subject: this.#subject(claims) ?? before,
      claims,
      providerSession: typeof claims['sid'] === 'string' ? claims['sid'].slice(0, 255) : null,
      // Rotating providers send a new refresh token; others expect the old one again.
      tokens: { idToken: tokens.id_token ?? '', refreshToken: tokens.refresh_token ?? oldToken },
    };
    return { refreshed: 'yes', identity };
  }

  /** Adds the userinfo claims where the ID token does not hold the roles; the ID token's own claims win. */
  async #withUserInfo(
    configuration: Configuration,
    tokens: Tokens,
    claims: Readonly<Record<string, unknown>>,
  ): Promise<Readonly<Record<string, unknown>>> {
    const asked = configuration.serverMetadata().userinfo_endpoint;
    if (asked === undefined || readClaim(claims, this.#needs.settings.rolesClaim).kind !== 'absent') return claims;
    try {
      return { ...(await fetchUserInfo(configuration, tokens.access_token, String(claims['sub']))), ...claims };
    } catch (cause) {
      throw providerFault(cause, 'request for user information');
    }
  }

  #subject(claims: Readonly<Record<string, unknown>>): Subject | null {
    const { nameClaim, issuer } = this.#needs.settings;
    const name = claims[nameClaim];
    if (typeof name !== 'string' || name.trim() === '' || name.length > 255) return null;
    const displayName = claims['name'];
    return {
      issuer,
      sub: String(claims['sub']),
      name,
      displayName: typeof displayName === 'string' && displayName !== '' ? displayName.slice(0, 255) : name,
    };
  }

  #redirectUri(application: string): string {
    // From the configuration and never from the request's Host, or a forged Host would choose where codes go.
    return `${this.#application(application).origin}/.wardgate/callback`;
  }

  #application(name: string): Pick<ApplicationSettings, 'origin'> {
    const application = this.#needs.applications.get(name);
    if (application === undefined) throw new Error(`There is no application "${name}"`);
    return application;
  }
}

function misbehaved(what: string): Fault {
  return new Fault('identity-provider-misbehaved', {
    detail: `The sign-in service sent a token that cannot be believed: ${what}`,
  });
}

/** A "no" from the provider is a value; anything that cannot be trusted or did not arrive is a fault. */
function refusedBy(cause: unknown): Finished {
  if (cause instanceof AuthorizationResponseError) {
    const error = printable(cause.error, 60);
    const described = cause.error_description === undefined ? '' : `: ${printable(cause.error_description)}`;
    return { ok: false, error, why: `The sign-in service answered "${error}"${described}` };
  }
  if (cause instanceof ResponseBodyError && cause.status < 500) {
    const error = printable(cause.error, 60);
    return { ok: false, error, why: `The sign-in service refused the code with "${error}"` };
  }
  throw providerFault(cause, 'exchange of the code');
}

function judgeRefreshFailure(cause: unknown): RefreshResult {
  if (cause instanceof ResponseBodyError && ['invalid_grant', 'invalid_client'].includes(cause.error)) {
    return { refreshed: 'refused', why: `The sign-in service refused the refresh token with "${cause.error}"` };
  }
  // Everything else is no verdict on the person: they keep their session for the grace time.
  return { refreshed: 'unavailable', cause };
}
