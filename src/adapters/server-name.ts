// The name an EHR is asked for in the TLS handshake, and whose certificate it must show: its own, never the public one that
// the Host header may carry. An address is no name there (RFC 6066 section 3); its certificate is checked as an address.

import { isIP } from 'node:net';

/** Empty for an address, which sends no name. */
export function serverName(origin: string): string {
  const { hostname } = new URL(origin);
  return isIP(hostname.replace(/^\[|\]$/g, '')) === 0 ? hostname : '';
}
