// The realm of a clinic as docs/identity-providers.md has it made: groups, people, and the gateway as a client with a mapper
// for groups and one for the methods of sign-in. Shaped as Keycloak's own export, which is what its import takes.

export interface RealmPerson {
  readonly name: string;
  readonly password: string;
  readonly groups: readonly string[];
  /** Base 32, of an authenticator app set up at Keycloak; null where there is none. */
  readonly totpSecret: string | null;
}

export interface RealmOptions {
  /** The gateway's public origin. */
  readonly gateway: string;
  readonly clientSecret: string;
  readonly groups: readonly string[];
  readonly people: readonly RealmPerson[];
}

/** The defaults, except that one person signs in several times within half a minute here. */
const codes = {
  otpPolicyType: 'totp',
  otpPolicyAlgorithm: 'HmacSHA1',
  otpPolicyInitialCounter: 0,
  otpPolicyDigits: 6,
  otpPolicyLookAheadWindow: 1,
  otpPolicyPeriod: 30,
  otpPolicyCodeReusable: true,
};

export function clinicRealm({ gateway, clientSecret, groups, people }: RealmOptions): unknown {
  return {
    realm: 'clinic',
    enabled: true,
    ...codes,
    // What is judged here is the way and not the strength: each sign-in would take a second of one core.
    passwordPolicy: 'hashAlgorithm(pbkdf2-sha256) and hashIterations(1000)',
    groups: groups.map((name) => ({ name })),
    users: people.map(user),
    clients: [
      {
        clientId: 'wardgate',
        enabled: true,
        protocol: 'openid-connect',
        publicClient: false,
        clientAuthenticatorType: 'client-secret',
        secret: clientSecret,
        standardFlowEnabled: true,
        directAccessGrantsEnabled: false,
        redirectUris: [`${gateway}/.wardgate/callback`],
        attributes: {
          'pkce.code.challenge.method': 'S256',
          'post.logout.redirect.uris': `${gateway}/.wardgate/signed-out`,
          'backchannel.logout.url': `${gateway}/.wardgate/backchannel-logout`,
          'backchannel.logout.session.required': 'true',
        },
        protocolMappers: [
          mapper('groups', 'oidc-group-membership-mapper', { 'claim.name': 'groups', 'full.path': 'false' }),
          mapper('methods', 'oidc-amr-mapper', {}),
        ],
      },
    ],
  };
}

function mapper(name: string, protocolMapper: string, config: Readonly<Record<string, string>>): unknown {
  return { name, protocol: 'openid-connect', protocolMapper, config: { 'id.token.claim': 'true', ...config } };
}

function user({ name, password, groups, totpSecret }: RealmPerson): unknown {
  // Keycloak keeps the secret's own bytes as text; its apps are shown them in base 32.
  const otp = {
    type: 'otp',
    secretData: JSON.stringify({ value: totpSecret }),
    credentialData: JSON.stringify({ subType: 'totp', digits: 6, counter: 0, period: 30, algorithm: 'HmacSHA1', secretEncoding: 'BASE32' }), // prettier-ignore
  };
  return {
    username: name,
    enabled: true,
    emailVerified: true,
    email: `${name}@clinic.example`,
    firstName: name,
    lastName: 'Example',
    groups: groups.map((group) => `/${group}`),
    credentials: [{ type: 'password', value: password }, ...(totpSecret === null ? [] : [otp])],
  };
}
