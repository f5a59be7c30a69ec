// Who the caller is on the network. Only the socket's peer counts, unless it is a proxy that the configuration names;
// then the right-most address in X-Forwarded-For that is no such proxy counts (RFC 7239 section 7.4 on why the left
// ones cannot be believed). Never reads any other forwarding header.

import { SocketAddress, isIP, isIPv6 } from 'node:net';
import { addressRanges } from './address-ranges.ts';

const cachedAddresses = 10_000;

export interface ClientAddresses {
  /** The caller's address in canonical text; IPv4-mapped IPv6 becomes IPv4. */
  client(peer: string, forwardedFor: string | undefined): string;
  /** Names of the zones the address lies in. */
  zones(address: string): readonly string[];
}

/** Builds the lookups from CIDR lists that the configuration has already checked. */
export function clientAddresses(
  trustedProxies: readonly string[],
  zones: ReadonlyMap<string, readonly string[]>,
): ClientAddresses {
  const trusts = addressRanges(trustedProxies);
  const lists = [...zones].map(([name, ranges]) => ({ name, holds: addressRanges(ranges) }));
  const known = new Map<string, readonly string[]>();
  return {
    client(peer, forwardedFor) {
      const direct = plainAddress(peer);
      if (trustedProxies.length === 0 || forwardedFor === undefined || !trusts(direct)) return direct;
      return lastUntrusted(trusts, forwardedFor) ?? direct;
    },
    zones(address) {
      const cached = known.get(address);
      if (cached) return cached;
      const found = lists.filter(({ holds }) => holds(address)).map(({ name }) => name);
      if (known.size >= cachedAddresses) known.clear();
      known.set(address, found);
      return found;
    },
  };
}

function lastUntrusted(trusts: (address: string) => boolean, forwardedFor: string): string | null {
  for (const part of forwardedFor.split(',').reverse()) {
    const stated = part.trim();
    if (isIP(stated) === 0 || stated.includes('%')) return null;
    const address = plainAddress(canonicalAddress(stated));
    if (!trusts(address)) return address;
  }
  return null;
}

/** One spelling for each address, as the socket's own have it: `2001:DB8:0::1` would have a budget of its own. */
function canonicalAddress(address: string): string {
  return isIPv6(address) ? new SocketAddress({ address, family: 'ipv6' }).address : address;
}

function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}
