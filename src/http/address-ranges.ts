// Addresses in ranges that the configuration has already checked: plain ones, and networks in CIDR form.

import { BlockList, isIP, isIPv6 } from 'node:net';

/** Tells of an address whether it lies in one of the ranges. What is no address lies in none. */
export function addressRanges(ranges: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', prefix] = range.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return (address) => isIP(address) !== 0 && list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
