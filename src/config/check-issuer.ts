// Whether `signIn.issuer` can be the issuer of the provider that is named: what people copy from its pages is often another
// address, and the gateway would find nothing there, or somebody else's sign-in.

import { isLoopback } from './network.ts';
import type { GatewayFile } from './gateway-schema.ts';
import type { Reading } from './reading.ts';

type Provider = 'keycloak' | 'entra' | 'generic';

const path = ['signIn', 'issuer'];
const discovery = '/.well-known/openid-configuration';
const tenantId = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const entraForm = 'https://login.microsoftonline.com/<tenant id>/v2.0';

export function checkIssuer(reading: Reading<GatewayFile>, issuer: string, provider: Provider): void {
  const problem = problemOf(issuer, provider);
  if (problem !== null) reading.mistake(path, `Issuer "${issuer}" ${problem}`);
}

function problemOf(issuer: string, provider: Provider): string | null {
  const open = /<[^>]*>|\{[^}]*\}/.exec(issuer)?.[0];
  if (open !== undefined) return `still holds "${open}", put in its place what your provider says`;
  if (!URL.canParse(issuer)) return 'is not an address, write for example https://login.clinic.example/realms/clinic';
  const url = new URL(issuer);
  if (url.search !== '' || url.hash !== '') return 'must have no "?" or "#" (RFC 8414)';
  if (issuer.endsWith(discovery)) return `is the address of the discovery document, write ${issuer.slice(0, -discovery.length)}`;
  const local = url.protocol === 'http:' && isLoopback(url.hostname);
  if (url.protocol !== 'https:' && !local) return 'must begin with https://';
  if (provider === 'entra' || /(^|\.)(microsoftonline\.com|windows\.net)$/.test(url.hostname)) return entraProblem(url);
  if (provider === 'keycloak' && !local) return keycloakProblem(url);
  return null;
}

/** Version 2.0 of one tenant: tokens of version 1.0 have other claims, and `common` is everybody's issuer. */
function entraProblem(url: URL): string | null {
  const [tenant = '', ...rest] = url.pathname.slice(1).split('/');
  if (['common', 'organizations', 'consumers'].includes(tenant)) return `is that of everybody, write ${entraForm}`;
  if (url.hostname === 'sts.windows.net')
    return `is that of version 1.0 of Entra ID's tokens, write https://login.microsoftonline.com/${tenant}/v2.0`;
  if (!/^login\.(microsoftonline|partner\.microsoftonline|chinacloudapi)\.(com|us|cn)$/.test(url.hostname)) return null;
  if (!tenantId.test(tenant)) return `names no tenant by its id, write ${entraForm}`;
  return rest.join('/') === 'v2.0' ? null : `is not the issuer of version 2.0, write ${url.origin}/${tenant}/v2.0`;
}

/** Every issuer of Keycloak ends in its realm. */
function keycloakProblem(url: URL): string | null {
  const realm = /^(.*\/realms\/[^/]+)(.*)$/.exec(url.pathname);
  const console = /^(.*)\/admin\/[^/]+\/console/.exec(url.pathname);
  if (realm === null) {
    const start = `${url.origin}${console?.[1] ?? url.pathname.replace(/\/$/, '')}`;
    return `names no realm, as every issuer of Keycloak does, write for example ${start}/realms/clinic`;
  }
  return realm[2] === '' ? null : `goes on behind its realm, write ${url.origin}${realm[1]}`;
}
