// Whether an address belongs to a house and not to the internet: loopback, the private ranges of version 4 (RFC 1918) and the
// unique local and link-local ones of version 6 (RFC 4193, RFC 4291). Shared ones of providers (RFC 6598) are not.

const mapped = /^::ffff:(?=\d)/i;
const privateRanges4 = /^(?:10|127|192\.168|172\.(?:1[6-9]|2\d|3[01]))\./;
const privateRanges6 = /^(?:f[cd][0-9a-f]{2}|fe[89ab][0-9a-f]):/i;

/** Takes what a socket or a checked header says. */
export function isPrivateAddress(address: string): boolean {
  const plain = address.replace(mapped, '');
  if (plain.includes(':')) return plain === '::1' || privateRanges6.test(plain);
  return privateRanges4.test(plain);
}
