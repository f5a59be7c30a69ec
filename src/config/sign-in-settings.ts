// Puts together how people sign in: the identity provider and the second factor.

import { hasPasskeysOf, sharedDomain } from '../core/second-factor/passkey-domain.ts';
import { checkIssuer } from './check-issuer.ts';
import type { GatewayFile } from './gateway-schema.ts';
import type { Reading } from './reading.ts';
import type { ApplicationSettings, EmergencySettings, SecondFactorSettings, SignInSettings } from './settings.ts';
import { checkZone } from './zones.ts';
import { trustedAuthority } from './trusted-authority.ts';

type Gateway = Reading<GatewayFile>;

const secretKeys = ['clientSecretFile', 'clientSecretEnv', 'clientKeyFile'];

/** Null where the file says nothing usable, which has been reported then. */
export async function signInSettings(reading: Gateway): Promise<SignInSettings | null> {
  const given = reading.value.signIn;
  if (given === undefined) return null;
  checkIssuer(reading, given.issuer, given.provider ?? 'generic');
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
  checkScopes(reading, scopes);
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
    emergency: emergencySettings(reading),
    takeOver: given.takeOver ?? 'ask',
  };
}

/** Four hours: an outage that is longer is worth a second code. */
const emergencySeconds = 4 * 3600;

function emergencySettings(reading: Gateway): EmergencySettings | null {
  const given = reading.value.signIn?.emergency;
  if (given === undefined) return null;
  const path = ['signIn', 'emergency'];
  if (reading.isEmptyList([...path, 'people']))
    reading.mistake([...path, 'people'], 'Nobody is named, write login names or leave out "emergency"');
  checkZone(reading, [...path, 'from'], given.from);
  return {
    people: given.people,
    roles: given.roles ?? null,
    from: given.from ?? null,
    lastsSeconds: given.lasts ?? emergencySeconds,
  };
}

function checkScopes(reading: Gateway, scopes: readonly string[]): void {
  const path = ['signIn', 'scopes'];
  const [several] = scopes.filter((scope) => /[\s,;]/.test(scope));
  if (several !== undefined) {
    const each = several.split(/[\s,;]+/).filter((one) => one !== '');
    reading.mistake(path, `Value "${several}" holds several scopes, write them as a list: [${each.join(', ')}]`);
  } else if (!scopes.includes('openid')) {
    reading.mistake(path, 'Scopes must contain "openid" (OpenID Connect Core 3.1.2.1)');
  }
}

/** A context that Entra ID does not have would be asked for, and nobody could ever fulfil it. */
function checkContexts(reading: Gateway, contexts: readonly string[]): void {
  const path = ['secondFactor', 'trust', 'acrs'];
  for (const [index, context] of contexts.entries()) {
    if (/^c\d{1,2}$/.test(context)) continue;
    const meant = /^c\d{1,2}$/i.test(context) ? context.toLowerCase() : undefined;
    reading.mistake(
      reading.entry(path, index),
      `Context "${context}" is none of Entra ID's, which are called c1 to c99; several are a list, such as [c1, c2]`,
      meant,
    );
  }
}

/** A browser gives a passkey to its own domain only, so one that does not fit could never be used. */
function passkeyDomainOf(reading: Gateway, applications: ReadonlyMap<string, ApplicationSettings>): string | null {
  const { methods, passkeyDomain: given = null } = reading.value.secondFactor ?? {};
  if (methods?.includes('passkey') !== true) return given;
  const hosts = [...new Set([...applications.values()].map(({ origin }) => new URL(origin).hostname))];
  const domain = given ?? sharedDomain(hosts);
  const numbered = hosts.find((host) => !hasPasskeysOf(host, host));
  const outside = hosts.find((host) => domain === null || !hasPasskeysOf(host, domain));
  if (numbered !== undefined) {
    const message = `Passkeys need a name, and "${numbered}" is a number; give the application an address with a name`;
    reading.mistake(['secondFactor', 'methods'], message);
  } else if (outside !== undefined) {
    const path = given === null ? ['secondFactor', 'methods'] : ['secondFactor', 'passkeyDomain'];
    const whose = domain === null ? 'the other applications' : `"${domain}"`;
    reading.mistake(path, `Passkeys of ${whose} are not given to "${outside}"; all applications need one domain above them`);
  }
  return domain;
}

const shiftSeconds = 12 * 3600;

export function secondFactorSettings(
  reading: Gateway,
  applications: ReadonlyMap<string, ApplicationSettings>,
): SecondFactorSettings {
  const given = reading.value.secondFactor ?? {};
  if (reading.isEmptyList(['secondFactor', 'methods']))
    reading.mistake(['secondFactor', 'methods'], 'No method is named, write totp or passkey');
  checkContexts(reading, given.trust?.acrs ?? []);
  const { enrolFrom } = given;
  if (enrolFrom !== 'anywhere' && enrolFrom !== 'nowhere') checkZone(reading, ['secondFactor', 'enrolFrom'], enrolFrom);
  checkZone(reading, ['secondFactor', 'remember', 'from'], given.remember?.from);
  const { remember } = given;
  return {
    methods: given.methods ?? ['totp'],
    enrolFrom: enrolFrom ?? null,
    trustAmr: given.trust?.amr ?? [],
    trustAcr: given.trust?.acr ?? [],
    trustAcrs: given.trust?.acrs ?? [],
    trustPhishingResistant: given.trust?.phishingResistant ?? [],
    passkeyDomain: passkeyDomainOf(reading, applications),
    acrossApplications: given.acrossApplications !== 'off',
    remember: remember === undefined ? null : { from: remember.from, lastsSeconds: remember.lasts ?? shiftSeconds },
  };
}
