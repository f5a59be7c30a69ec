// What the identity provider says of itself, with every point on which a sign-in would fail or a sign-out stay half done.

import { acceptedAlgorithms } from '../../adapters/id-token-checks.ts';
import { providerFetch } from '../../adapters/provider-fetch.ts';
import type { ProviderFetch } from '../../adapters/provider-fetch.ts';
import type { Settings } from '../../config/settings.ts';
import { unanswered } from './ask.ts';
import type { Unanswered } from './ask.ts';
import { cut, findings } from './finding.ts';
import type { Finding } from './finding.ts';
import { discoveryAddress } from './probe-clock.ts';

type Document = Readonly<Record<string, unknown>>;

const provider = findings('provider');
const issuerLine = findings('issuer');
const keysLine = findings('keys');
const pkce = findings('pkce');
const logout = findings('logout');

export async function probeProvider({ signIn }: Settings, signal: AbortSignal): Promise<readonly Finding[]> {
  const fetch = providerFetch(signIn.trustFile);
  const address = discoveryAddress(signIn.issuer);
  const found = await fetchJson(fetch, address, signal);
  if ('says' in found) return [provider.failed(`${address}: ${found.says}`, found.fix)];
  const { json } = found;
  return [
    provider.ok(`It answers at ${address}`),
    judgeIssuer(json, signIn.issuer),
    await judgeKeys(json, fetch, signIn.issuer, signal),
    judgePkce(json),
    judgeLogout(json),
  ];
}

/** Its answer, or why there is none that can be used. */
async function fetchJson(
  fetch: ProviderFetch,
  url: string,
  signal: AbortSignal,
): Promise<{ readonly json: Document } | Pick<Unanswered, 'says' | 'fix'>> {
  let status;
  try {
    const answer = await fetch(url, { method: 'GET', headers: { accept: 'application/json' }, signal });
    status = answer.status;
    if (status === 200) {
      const json: unknown = await answer.json();
      if (isObject(json)) return { json };
    }
  } catch (cause) {
    if (cause instanceof SyntaxError) return { says: 'it answers with something else than JSON', fix: wrongIssuer };
    return unanswered(cause instanceof TypeError && cause.cause !== undefined ? cause.cause : cause);
  }
  if (status === 200) return { says: 'it answers with something else than a JSON object', fix: wrongIssuer };
  return { says: `it answers with status ${status}`, fix: status < 500 ? wrongIssuer : 'look at its log' };
}

const wrongIssuer =
  'compare signIn.issuer with the provider: Keycloak has https://HOST/realms/REALM, Entra ID https://login.microsoftonline.com/TENANT/v2.0';

function judgeIssuer({ issuer }: Document, configured: string): Finding {
  if (issuer === configured) return issuerLine.ok(`It calls itself "${configured}", as configured`);
  const own = cut(issuer, 300);
  return issuerLine.failed(
    `It calls itself "${own}", and signIn.issuer says "${configured}"`,
    `write issuer: ${own}, or set its public address there; the two must be equal to the letter`,
  );
}

async function judgeKeys(json: Document, fetch: ProviderFetch, issuer: string, signal: AbortSignal): Promise<Finding> {
  const address = json['jwks_uri'];
  if (typeof address !== 'string') return keysLine.failed('It names no jwks_uri', 'it cannot be used without one');
  if (issuer.startsWith('https:') && !address.startsWith('https:')) {
    return keysLine.failed(`Its keys are at "${cut(address, 300)}", which is not https`, 'set its public address there');
  }
  const offered = json['id_token_signing_alg_values_supported'];
  const algorithms = Array.isArray(offered) ? offered.filter((one) => typeof one === 'string') : ['RS256'];
  const usable = algorithms.filter((one) => acceptedAlgorithms.includes(one));
  if (usable.length === 0) {
    const signs = cut(algorithms.join(', '), 200);
    return keysLine.failed(`It signs with ${signs}; accepted are ${acceptedAlgorithms.join(', ')}`, 'choose RS256 there');
  }
  const found = await fetchJson(fetch, address, signal);
  if ('says' in found) return keysLine.failed(`Its keys at ${cut(address, 300)}: ${found.says}`, found.fix);
  const keys = Array.isArray(found.json['keys']) ? found.json['keys'].filter(isObject) : [];
  const signing = keys.filter((key) => key['use'] !== 'enc' && ['RSA', 'EC', 'OKP'].includes(String(key['kty'])));
  if (signing.length === 0) return keysLine.failed('It offers no key that a signature could be checked with', 'look at its keys');
  return keysLine.ok(
    `${signing.length === 1 ? '1 key' : `${signing.length} keys`} to check its signatures (${usable.join(', ')})`,
  );
}

function judgePkce(json: Document): Finding {
  const methods = json['code_challenge_methods_supported'];
  if (!Array.isArray(methods)) {
    return pkce.unknown(
      'It does not say whether it takes PKCE; the gateway sends S256 all the same, as Entra ID takes it unsaid',
    );
  }
  if (methods.includes('S256')) return pkce.ok('It takes PKCE with S256');
  return pkce.failed('It does not take PKCE with S256, without which nobody is signed in', 'turn it on for the client there');
}

function judgeLogout(json: Document): Finding {
  if (typeof json['end_session_endpoint'] === 'string') return logout.ok('Signing out here can sign people out there as well');
  return logout.warning(
    'It has no end_session_endpoint: who signs out here is still signed in there',
    'let its own sessions end soon, above all on shared desks',
  );
}

function isObject(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
