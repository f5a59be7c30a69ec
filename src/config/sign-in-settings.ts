// Puts together how people sign in: the identity provider and the second factor.

import type { GatewayFile } from './gateway-schema.ts';
import { isLoopback } from './network.ts';
import type { Reading } from './reading.ts';
import type { SecondFactorSettings, SignInSettings } from './settings.ts';
import { checkZone } from './zones.ts';
import { trustedAuthority } from './trusted-authority.ts';

type Gateway = Reading<GatewayFile>;

const secretKeys = ['clientSecretFile', 'clientSecretEnv', 'clientKeyFile'];

/** Null where the file says nothing usable, which has been reported then. */
export async function signInSettings(reading: Gateway): Promise<SignInSettings | null> {
  const given = reading.value.signIn;
  if (given === undefined) return null;
  checkIssuer(reading, given.issuer);
  const keys = { file: given.clientSecretFile, env: given.clientSecretEnv };
  const clientSecret = await reading.secret(['signIn'], 'clientSecret', keys);
  const clientKeyFile = await reading.existing(['signIn', 'clientKeyFile'], given.clientKeyFile, 'Key file');
  const ways = [keys.file ?? keys.env, given.clientKeyFile].filter((way) => way !== undefined);
  const broken = [...secretKeys, 'clientSecret'].some((key) => reading.original(['signIn', key]) !== undefined);
  if (ways.length > 1 || (ways.length === 0 && !broken)) {
    const state = ways.length === 0 ? 'has neither a secret nor a key' : 'has both a secret and a key';
    reading.mistake(
      ['signIn'],
      `Client "${given.clientId}" ${state}, write one of clientSecretFile, clientSecretEnv or clientKeyFile`,
    );
  }
  const scopes = given.scopes ?? ['openid', 'profile'];
  if (!scopes.includes('openid'))
    reading.mistake(['signIn', 'scopes'], 'Scopes must contain "openid" (OpenID Connect Core 3.1.2.1)');
  return {
    provider: given.provider ?? 'generic',
    issuer: given.issuer,
    clientId: given.clientId,
    clientSecret: clientSecret === '' ? null : clientSecret,
    clientKeyFile,
    trustFile: await trustedAuthority(reading, ['signIn', 'trust'], given.trust),
    rolesClaim: given.rolesClaim ?? 'groups',
    nameClaim: given.nameClaim ?? 'preferred_username',
    scopes,
    recheckEverySeconds: given.recheckEvery ?? 900,
    recheckGraceSeconds: given.recheckGrace ?? 3600,
  };
}

function checkIssuer(reading: Gateway, issuer: string): void {
  const path = ['signIn', 'issuer'];
  if (!URL.canParse(issuer)) {
    reading.mistake(path, `Issuer "${issuer}" is not an address, write for example https://login.clinic.example/realms/clinic`);
    return;
  }
  const url = new URL(issuer);
  if (url.search !== '' || url.hash !== '') reading.mistake(path, `Issuer "${issuer}" must have no "?" or "#" (RFC 8414)`);
  if (issuer.endsWith('/.well-known/openid-configuration')) {
    const shorter = issuer.slice(0, -'/.well-known/openid-configuration'.length);
    reading.mistake(path, `Issuer "${issuer}" is the address of the discovery document, write ${shorter}`);
  }
  const local = url.protocol === 'http:' && isLoopback(url.hostname);
  if (url.protocol !== 'https:' && !local) reading.mistake(path, `Issuer "${issuer}" must begin with https://`);
}

export function secondFactorSettings(reading: Gateway): SecondFactorSettings {
  const given = reading.value.secondFactor ?? {};
  if (reading.isEmptyList(['secondFactor', 'methods']))
    reading.mistake(['secondFactor', 'methods'], 'No method is named, write totp or passkey');
  if (given.methods?.includes('passkey') === true) {
    reading.warning(['secondFactor', 'methods'], 'Passkeys are not offered yet, people use codes from an authenticator app');
  }
  checkZone(reading, ['secondFactor', 'enrolFrom'], given.enrolFrom);
  return {
    methods: given.methods ?? ['totp'],
    enrolFrom: given.enrolFrom ?? null,
    trustAmr: given.trust?.amr ?? [],
    trustAcr: given.trust?.acr ?? [],
    trustAcrs: given.trust?.acrs ?? [],
  };
}
