// Whom a limit per address counts for. One household or clinic gets 2^64 addresses of version 6 at once (RFC 6177), so
// these count together by their first 64 bits; an address of version 4 stands for itself.

const mapped = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i;

/** `10.20.5.7` stays; `2001:db8:0:1::7` becomes `2001:db8:0:1::/64`. Takes what a socket or a checked header says. */
export function addressShare(address: string): string {
  if (!address.includes(':')) return address;
  const [, plain] = mapped.exec(address) ?? [];
  if (plain !== undefined) return plain;
  return `${firstGroups(address).join(':')}::/64`;
}

/** The first four of the eight groups, without leading zeros. */
function firstGroups(address: string): string[] {
  const [before = '', after] = address.split('::');
  const head = groupsOf(before);
  const tail = after === undefined ? [] : groupsOf(after);
  // An address of version 4 at the end stands for two groups.
  const dotted = address.includes('.') ? 1 : 0;
  const missing = Array<string>(Math.max(0, 8 - head.length - tail.length - dotted)).fill('0');
  return [...head, ...missing, ...tail].slice(0, 4).map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''));
}

function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':');
}
