// Where the names that people type lead, as this machine's own resolver sees it.

import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { isLoopback } from '../../config/network.ts';
import type { ApplicationSettings, ListenSettings } from '../../config/settings.ts';
import { unanswered } from './ask.ts';
import { findings } from './finding.ts';
import type { Finding } from './finding.ts';

export interface DnsNeeds {
  /** Every address of a name; rejects as Node's lookup does. */
  readonly lookup: (name: string) => Promise<readonly string[]>;
  readonly ownAddresses: () => readonly string[];
}

export const systemDns: DnsNeeds = {
  lookup: async (name) => (await lookup(name, { all: true })).map(({ address }) => address),
  ownAddresses: () => Object.values(networkInterfaces()).flatMap((all) => all?.map(({ address }) => address) ?? []),
};

export function probeDns(
  needs: DnsNeeds,
  applications: Iterable<ApplicationSettings>,
  listen: ListenSettings,
): Promise<readonly Finding[]> {
  return Promise.all([...applications].map((application) => one(needs, application, listen)));
}

async function one(needs: DnsNeeds, { name, origin }: ApplicationSettings, listen: ListenSettings): Promise<Finding> {
  const { hostname } = new URL(origin);
  const say = findings('dns', name);
  if (isIP(hostname.replace(/^\[(.*)\]$/, '$1')) !== 0) return say.ok(`${hostname} is an address and needs no name`);
  let addresses: readonly string[];
  try {
    addresses = await needs.lookup(hostname);
  } catch (cause) {
    const { code, says, fix } = unanswered(cause);
    if (code !== 'ENOTFOUND') return say.failed(`${hostname} cannot be looked up: ${says}`, fix);
    return say.failed(`${hostname} is no name that DNS knows`, `enter it at the clinic's DNS server, with ${ours(needs)}`);
  }
  const leads = `${hostname} leads to ${addresses.join(', ')}`;
  const own = needs.ownAddresses();
  if (addresses.every((address) => own.includes(address))) return say.ok(`${leads}, which is this machine`);
  if (listen.trustedProxies.length > 0) return say.ok(`${leads}, where the proxy in front should be`);
  if (isLoopback(hostname)) return say.ok(leads);
  return say.warning(
    `${leads}, which is not this machine (${own.filter((address) => !isOwnOnly(address)).join(', ')})`,
    'let it lead to this machine, unless a load balancer or a router in between passes connections on',
  );
}

function ours({ ownAddresses }: DnsNeeds): string {
  const reachable = ownAddresses().filter((address) => !isOwnOnly(address));
  return reachable.length === 0 ? 'the address of this machine' : `the address ${reachable.join(' or ')} of this machine`;
}

/** Loopback and link-local addresses, which nobody else can use. */
export function isOwnOnly(address: string): boolean {
  return /^(?:127\.|169\.254\.|::1$|fe80:)/i.test(address);
}
