// Says who calls and whom: the caller's address, the headers as one reading, the shape the caller expects an answer in, and
// the application the Host names. Never believes a forwarding header of a peer that is no named proxy.

import { refuse } from '../core/answer.ts';
import { callerShape } from '../core/caller-shape.ts';
import type { ApplicationSettings } from '../config/settings.ts';
import type { RuleIndex } from '../core/policy/rule-index.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { Arrived, Identified, Named } from '../facts.ts';
import type { Door } from '../machine-ports.ts';
import type { Stage } from '../pipeline.ts';

export interface IdentifyNeeds {
  readonly addresses: {
    client(peer: string, forwardedFor: string | undefined): string;
    zones(address: string): readonly string[];
  };
  /** Lower-case host (with a port that is not the scheme's own) → application. */
  readonly applications: ReadonlyMap<string, ApplicationSettings>;
  readonly rules: () => { readonly policy: Policy; readonly index: RuleIndex };
}

// A repeat of any of these would let two readers see two values (facts of CVE-2021-32777 and its kin).
const singletons = new Set([
  'host', 'content-length', 'content-type', 'transfer-encoding', 'authorization', 'origin', 'referer', 'user-agent', 'range',
  'expect', 'upgrade', 'content-encoding', 'sec-fetch-site', 'sec-fetch-mode', 'sec-fetch-dest', 'sec-fetch-user',
  'sec-websocket-key', 'sec-websocket-version', 'x-requested-with',
]); // prettier-ignore

/** Applications that are named to whoever asked for another. */
const mostNamed = 3;

const joiner: Readonly<Record<string, string>> = { cookie: '; ' };

export function identifyRequest(needs: IdentifyNeeds): Stage<Arrived & Named, Omit<Identified, keyof Named>> {
  return ({ exchange }) => {
    const headers = readHeaders(exchange.rawHeaders);
    if (typeof headers === 'string') return refuse('header-malformed', { detail: `The header "${headers}" is given twice` });
    const host = headers.get('host');
    if (host === undefined || !isPlainHost(host)) return refuse('host-ambiguous');
    const application = applicationOf(needs, exchange.door, asciiLower(host));
    if (!application) return refuse('host-unknown', { detail: elsewhere(needs.applications) });
    if (namesAnother(needs, exchange.serverName, application)) {
      return refuse('host-unknown', { detail: `This connection was opened for another address, not for ${application.origin}` });
    }
    const address = needs.addresses.client(exchange.peerAddress, headers.get('x-forwarded-for'));
    return {
      address,
      zones: needs.addresses.zones(address),
      agent: headers.get('user-agent') ?? null,
      shape: exchange.isUpgrade ? 'upgrade' : callerShape(headers),
      headers,
      application,
      ...needs.rules(),
    };
  };
}

/** Whoever typed the machine's number learns the name. What is served here is no secret: the certificate says it too. */
function elsewhere(applications: IdentifyNeeds['applications']): string {
  const origins = [...applications.values()].map(({ origin }) => origin);
  return `What is served here is ${origins.slice(0, mostNamed).join(', ')}`;
}

/** The machines' listener has a port of its own, behind which any of the applications may be meant. */
function applicationOf({ applications }: IdentifyNeeds, door: Door, host: string): ApplicationSettings | undefined {
  if (door.by === 'people') return applications.get(host);
  return [...applications].find(([one]) => withoutPort(one) === withoutPort(host))?.[1];
}

/** RFC 9110 section 15.5.20: what a connection was opened for at one application is not asked of another. */
function namesAnother({ applications }: IdentifyNeeds, serverName: string | undefined, asked: ApplicationSettings): boolean {
  if (serverName === undefined || applications.size === 1) return false;
  const name = asciiLower(serverName);
  return name !== withoutPort(asked.host) && [...applications.keys()].some((host) => withoutPort(host) === name);
}

function withoutPort(host: string): string {
  return host.replace(/:\d+$/, '');
}

/** Lower-case name → value; the name of a repeated singleton where there is one. */
function readHeaders(raw: readonly string[]): Map<string, string> | string {
  const headers = new Map<string, string>();
  for (let i = 0; i < raw.length; i += 2) {
    const name = asciiLower(raw[i] ?? '');
    const value = raw[i + 1] ?? '';
    const before = headers.get(name);
    if (before === undefined) headers.set(name, value);
    else if (singletons.has(name)) return name;
    else headers.set(name, before + (joiner[name] ?? ', ') + value);
  }
  return headers;
}

function isPlainHost(host: string): boolean {
  return host.length <= 255 && /^(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/.test(host);
}

// ASCII only: a Kelvin sign must not become a "k".
function asciiLower(text: string): string {
  return /[A-Z]/.test(text) ? text.replace(/[A-Z]+/g, (run) => run.toLowerCase()) : text;
}
