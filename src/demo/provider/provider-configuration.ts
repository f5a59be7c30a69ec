// How the demo's provider is set up: code flow with PKCE S256, refresh tokens always and unrotated, groups in the ID token,
// consent never asked. Every setting whose default would print a notice is given, so that the demo's screen stays clean.

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { interactionPolicy } from 'oidc-provider';
import type { ClientMetadata, Configuration, Grant, JWK, KoaContextWithOIDC } from 'oidc-provider';
import type { DemoPersona } from '../personas.ts';
import { errorPage, loggedOutPage, loggingOutPage } from './provider-pages.ts';
import type { ProviderStore } from './store.ts';

/** One relying party: either a secret (sent as Basic or in the form) or the public keys of `private_key_jwt`. */
export interface DemoClient {
  readonly clientId: string;
  readonly clientSecret?: string;
  readonly jwks?: { readonly keys: readonly Readonly<Record<string, unknown>>[] };
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris: readonly string[];
  /** Where this provider says that somebody has signed out here; nowhere unless told. */
  readonly backChannelLogoutUri?: string;
  /** False for a client that must come back through the browser instead; true unless told. */
  readonly refreshTokens?: boolean;
}

/** The person with a login name, with the groups of this moment; undefined for a stranger. */
export type FindPersona = (name: string) => DemoPersona | undefined;

const HOUR_SECONDS = 60 * 60;
const RSA_BITS = 2048;

export function providerConfiguration(clients: readonly DemoClient[], find: FindPersona, store: ProviderStore): Configuration {
  return {
    adapter: store.adapter,
    clients: clients.map(clientMetadata),
    jwks: { keys: [signingKey()] },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    scopes: ['openid', 'offline_access'],
    claims: {
      openid: ['sub', 'preferred_username', 'name', 'email', 'groups'],
      profile: ['name', 'preferred_username'],
      email: ['email'],
      groups: ['groups'],
    },
    conformIdTokenClaims: false,
    findAccount: (_context, sub) => account(find(sub)),
    loadExistingGrant: grantEverythingAsked,
    issueRefreshToken: (_context, client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: false,
    pkce: { required: () => true },
    interactions: { policy: policy(find), url: (_context, interaction) => `/interaction/${interaction.uid}` },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: { enabled: true, logoutSource: loggingOutPage, postLogoutSuccessSource: loggedOutPage },
    },
    renderError: errorPage,
    ttl: {
      AccessToken: HOUR_SECONDS,
      IdToken: HOUR_SECONDS,
      Interaction: HOUR_SECONDS,
      AuthorizationCode: 60,
      RefreshToken: 14 * 24 * HOUR_SECONDS,
      Session: 14 * 24 * HOUR_SECONDS,
      Grant: 14 * 24 * HOUR_SECONDS,
    },
    fetch: fetchFromLoopback,
  };
}

function clientMetadata(client: DemoClient): ClientMetadata {
  return {
    client_id: client.clientId,
    ...(client.jwks === undefined
      ? { token_endpoint_auth_method: 'client_secret_basic', client_secret: client.clientSecret ?? '' }
      : { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: client.jwks.keys as unknown as JWK[] } }),
    redirect_uris: [...client.redirectUris],
    post_logout_redirect_uris: [...client.postLogoutRedirectUris],
    ...(client.backChannelLogoutUri === undefined
      ? {}
      : { backchannel_logout_uri: client.backChannelLogoutUri, backchannel_logout_session_required: true }),
    grant_types: client.refreshTokens === false ? ['authorization_code'] : ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    require_auth_time: true,
  };
}

function signingKey(): JWK {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: RSA_BITS });
  return { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' };
}

function account(persona: DemoPersona | undefined): ReturnType<NonNullable<Configuration['findAccount']>> {
  if (persona === undefined) return undefined;
  const claims = {
    sub: persona.name,
    preferred_username: persona.name,
    name: persona.displayName,
    email: `${persona.name}@meadowbrook.example`,
    groups: [...persona.groups],
  };
  return { accountId: persona.name, claims: () => claims };
}

/** Consent is the clinic's, not the person's: whatever a registered client asks for is granted. */
async function grantEverythingAsked({ oidc }: KoaContextWithOIDC): Promise<Grant | undefined> {
  const { client, session, provider } = oidc;
  const accountId = session?.accountId;
  if (client === undefined || accountId === undefined) return undefined;
  const earlier = session?.grantIdFor(client.clientId);
  const grant =
    (earlier === undefined ? undefined : await provider.Grant.find(earlier)) ??
    new provider.Grant({ accountId, clientId: client.clientId });
  grant.addOIDCScope([...oidc.requestParamOIDCScopes].join(' '));
  await grant.save();
  return grant;
}

/** The usual questions, and one more: a hint that names somebody else than the session asks for a sign-in. */
function policy(find: FindPersona): interactionPolicy.DefaultPolicy {
  const { base, Check } = interactionPolicy;
  const prompts = base();
  const isSomebodyElse = new Check(
    'login_hint',
    'The hint names somebody else',
    'login_required',
    ({ oidc }) => {
      const hint = oidc.params?.['login_hint'];
      return (
        typeof hint === 'string' &&
        find(hint) !== undefined &&
        oidc.session?.accountId !== hint &&
        oidc.result?.login === undefined
      );
    },
    () => undefined,
  );
  prompts.get('login')?.checks.add(isSomebodyElse);
  return prompts;
}

/** oidc-provider's own dispatcher refuses loopback addresses, and the demo has no others. */
function fetchFromLoopback(input: string | Request | URL, init: RequestInit = {}): Promise<Response> {
  const { dispatcher: _refusesLoopback, ...rest } = init as RequestInit & { dispatcher?: unknown };
  return fetch(input, rest);
}
