// The headers the EHR sees: an allow-list of the client's, then ours, last and unconditionally, so that nothing a client
// sends can pass for the gateway's word (CVE-2025-64484, GHSA-f59h-q822-g45g and their kin are all strip-lists that
// missed one). Hop-by-hop headers, `Connection` and whatever it lists are never in the list (RFC 9110 section 7.6.1).

import { cookiesFor, emptyJar } from '../core/ehr/jar.ts';
import { looksAtBody } from '../core/ehr/judge-reply.ts';
import { cookiesBesideJar } from '../core/ehr/owned-cookies.ts';
import { forwardingHeaders } from '../core/network/forwarding-headers.ts';
import { hostHeaderOf } from '../core/network/host-header.ts';
import { cookieForEhr } from '../core/session/ehr-cookies.ts';
import { headerText } from '../core/header-text.ts';
import { isMachine } from '../core/session/machine-session.ts';
import type { Caller } from '../core/session/machine-session.ts';
import type { ApplicationSettings } from '../config/settings.ts';
import type { Arrived, EhrSignedOn, Identified, SignedIn, Targeted } from '../facts.ts';

export interface UpstreamHeaderNeeds {
  /** A signed statement of who this is, for EHRs that can check one; null where none is configured. */
  readonly identityToken: (session: Caller, application: string) => string | null;
}

const passed = new Set([
  'accept', 'accept-charset', 'accept-encoding', 'accept-language', 'cache-control', 'content-disposition', 'content-encoding',
  'content-language', 'content-location', 'content-md5', 'content-range', 'content-type', 'dnt', 'if-match', 'if-modified-since',
  'if-none-match', 'if-range', 'if-unmodified-since', 'last-event-id', 'origin', 'pragma', 'prefer', 'range', 'referer', 'save-data',
  'sec-ch-ua', 'sec-ch-ua-mobile', 'sec-ch-ua-platform', 'sec-fetch-dest', 'sec-fetch-mode', 'sec-fetch-site', 'sec-fetch-user',
  'soapaction', 'upgrade-insecure-requests', 'user-agent', 'x-requested-with', 'x-csrf-token', 'x-csrftoken', 'x-xsrf-token',
  'csrf-token', 'apicsrftoken', 'disable-www-authenticate', 'faces-request', 'x-prototype-version', 'x-dwr-version',
]); // prettier-ignore

type Given = Arrived & Identified & Targeted & SignedIn & EhrSignedOn;

export function upstreamHeaders(needs: UpstreamHeaderNeeds, facts: Given): readonly string[] {
  const { application, headers, exchange } = facts;
  const out: string[] = ['host', hostHeaderOf(application)];
  const allowed = allowedFor(application);
  for (const [name, value] of headers)
    if (allowed.has(name)) out.push(name, name === 'accept-encoding' ? coding(facts, value) : value);
  pushProtocols(out, facts);
  const cookie = cookieFor(facts);
  if (cookie !== null) out.push('cookie', cookie);
  const length = exchange.body.declaredBytes;
  if (length !== null && (length > 0 || (facts.method !== 'GET' && facts.method !== 'HEAD')))
    out.push('content-length', String(length));
  pushForwarding(out, facts);
  pushIdentity(out, facts, needs);
  out.push(...(facts.ehrHeaders.length === 0 ? ownAuthorization(facts) : facts.ehrHeaders));
  return out;
}

/** What a machine with a certificate proves itself with at the EHR, where the gateway signs it on in no way of its own. */
function ownAuthorization({ session, headers }: Given): readonly string[] {
  const own = headers.get('authorization');
  return own !== undefined && isMachine(session) && session.passAuthorization ? ['authorization', own] : [];
}

/** What the jar holds beside those of the browser's cookies that are not the gateway's to keep; or the browser's alone. */
function cookieFor({ application, headers, ehrSession, ehrStanding, target, arrivedAt }: Given): string | null {
  const sent = headers.get('cookie');
  const classes = application.cookies ?? null;
  if (classes !== null) {
    const jar = ehrStanding?.jar ?? emptyJar;
    const both = [cookiesFor(jar, target.path, arrivedAt), cookiesBesideJar(sent, classes, jar)].filter((one) => one !== null);
    return both.length === 0 ? null : both.join('; ');
  }
  const name = application.sessionCookie ?? null;
  return cookieForEhr(sent, name === null ? null : { name, value: ehrSession });
}

// Worked out once for each application and configuration.
const allowedNames = new WeakMap<ApplicationSettings, ReadonlySet<string>>();

/** What the client may send on: the built-in list and the configured names, but never a name under which we speak. */
function allowedFor(application: ApplicationSettings): ReadonlySet<string> {
  const known = allowedNames.get(application);
  if (known) return known;
  const allowed = new Set([...passed, ...application.passHeaders.map((name) => name.toLowerCase())]);
  for (const name of Object.values(application.identityHeaders)) if (name !== null) allowed.delete(name.toLowerCase());
  if (application.signOn.by === 'header') allowed.delete(application.signOn.name.toLowerCase());
  allowedNames.set(application, allowed);
  return allowed;
}

const neverLooked: ReadonlySet<string> = new Set(['script', 'style', 'image', 'font', 'audio', 'video', 'track']);

const documents: ReadonlySet<string> = new Set(['document', 'iframe', 'frame']);

/**
 * What is looked at, because the EHR says in words that its session has ended, must not come compressed; nor what our script
 * is put into.
 */
function coding({ application, headers }: Given, accepted: string): string {
  const { signOn } = application;
  const looks = signOn.by === 'recipe' && signOn.recipe.loggedOut.some(looksAtBody);
  const destination = headers.get('sec-fetch-dest') ?? '';
  if (application.pageScript !== false && documents.has(destination)) return 'identity';
  return looks && !neverLooked.has(destination) ? 'identity' : accepted;
}

/** Of the subprotocols that the client offers for a live connection, those that the configuration lets pass. */
function pushProtocols(out: string[], { shape, application, headers }: Given): void {
  if (shape !== 'upgrade') return;
  const offered = (headers.get('sec-websocket-protocol') ?? '').split(',').map((one) => one.trim()); // prettier-ignore
  const kept = offered.filter((one) => application.webSocketProtocols.includes(one));
  if (kept.length > 0) out.push('sec-websocket-protocol', kept.join(', '));
}

/** Who is asking, by which address, and under which id it stands in our record. */
function pushForwarding(out: string[], { address, application, id }: Given): void {
  out.push(...forwardingHeaders(application, address), 'x-request-id', id);
}

function pushIdentity(out: string[], { application, session }: Given, needs: UpstreamHeaderNeeds): void {
  const names = application.identityHeaders;
  if (names.name !== null) out.push(names.name, headerText(session.subject.name));
  if (names.subject !== null) out.push(names.subject, headerText(session.subject.sub));
  if (names.roles !== null) out.push(names.roles, headerText(session.roles.join(',')));
  if (names.session !== null) out.push(names.session, session.reference);
  if (names.jwt === null) return;
  const token = needs.identityToken(session, application.name);
  if (token !== null) out.push(names.jwt, token);
}
