// Judges the addresses of the configuration: CIDR ranges, loopback names, origins. It never resolves a name.

import { BlockList, isIP } from 'node:net';
import type { Read } from './quantity.ts';

/** IPv4 within IPv6 (RFC 4291 section 2.5.5.2): `::ffff:0:0/96` would be every IPv4 address there is. */
const mapped = new BlockList();
mapped.addSubnet('::ffff:0:0', 96, 'ipv6');

/** Why the text is no CIDR range, or null. A range whose host bits are set is refused: it reads narrower than it is. */
export function cidrProblem(text: string): string | null {
  const [address = '', prefix, ...more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0 || address.includes('%')) return otherNotation(text);
  if (family === 6 && mapped.check(address, 'ipv6')) return 'is IPv4 written as IPv6, write it as IPv4, for example 10.20.0.0/16';
  if (prefix === undefined) return null;
  const widest = family === 4 ? 32 : 128;
  const mask = family === 4 ? prefixOfMask(prefix) : null;
  if (mask !== null) return `is written with a mask, write ${networkOf(address, mask)}`;
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > widest) return `must end in a number from 0 to ${widest} after the "/"`;
  new BlockList().addSubnet(address, Number(prefix), family === 4 ? 'ipv4' : 'ipv6');
  const network = family === 4 ? networkOf(address, Number(prefix)) : text;
  return network === text
    ? null
    : `has address bits beyond its /${prefix}, write ${network} for the range or ${address} for the one machine`;
}

/** Ranges as other products write them. */
function otherNotation(text: string): string {
  const stars = /^(\d{1,3}(?:\.\d{1,3}){0,2})((?:\.\*){1,3})$/.exec(text);
  const parts = stars?.[1]?.split('.') ?? [];
  const open = (stars?.[2]?.length ?? 0) / 2;
  if (stars !== null && parts.length + open === 4)
    return `is written with stars, write ${[...parts, ...Array.from({ length: open }, () => 0)].join('.')}/${8 * parts.length}`;
  if (/^[\d.]+\s*-\s*[\d.]+$/.test(text))
    return 'goes from one address to another; write a range with its prefix, such as 10.20.0.0/24, or a list of several';
  if (/^[A-Za-z][\w-]*(?:\.[\w-]+)*$/.test(text))
    return 'is a name, which is not looked up; write its address, such as 10.20.0.10';
  return 'is not an address range, write for example 10.20.0.0/16';
}

/** 16 for `255.255.0.0`; null for what is no mask. */
function prefixOfMask(text: string): number | null {
  if (isIP(text) !== 4) return null;
  const bits = text.split('.').map((part) => Number(part).toString(2).padStart(8, '0')).join(''); // prettier-ignore
  return /^1*0*$/.test(bits) ? bits.replaceAll('0', '').length : null;
}

/** Why the range must not be trusted as a proxy, or null: whoever is in it may claim any client address. */
export function trustProblem(text: string): string | null {
  const [address = '', prefix] = text.split('/');
  // A provider of IPv6 is given a /32, and `::/80` would hold all of IPv4.
  const widest = isIP(address) === 4 ? 8 : 32;
  const holdsIpv4 = isIP(address) === 6 && /^[0:]*$/.test(address) && Number(prefix) < 96;
  if (prefix === undefined || (Number(prefix) >= widest && !holdsIpv4)) return null;
  return `is wider than /${holdsIpv4 ? 96 : widest}, so nearly anybody could claim to be the proxy; name the addresses of the proxy itself`;
}

/** Names that cannot leave this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** An `http:` or `https:` origin without path, query, fragment or credentials. */
export function readOrigin(text: string): Read<URL> {
  if (text.startsWith('\\\\'))
    return { problem: 'is a share of Windows, and a web server is wanted, such as https://ehr.clinic.example' };
  const bare = /^([A-Za-z0-9][\w.-]*)(:\d{1,5})?(\/.*)?$/.exec(text);
  if (bare !== null && /[.:]|^localhost$/.test(`${bare[1]}${bare[2] ?? ''}`))
    return { problem: `does not say https:// or http://, write https://${bare[1]}${bare[2] ?? ''}` };
  if (!URL.canParse(text)) return { problem: 'is not an address, write for example https://ehr.clinic.example' };
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return { problem: 'must begin with https://' };
  if (url.username !== '' || url.password !== '') return { problem: 'must not contain a name or password' };
  if (url.search !== '' || url.hash !== '' || url.pathname !== '/') {
    return { problem: `must end after the host, write ${url.origin}` };
  }
  if (/[*\s\\]/.test(text)) return { problem: 'must name one host' };
  return { value: url };
}

/** `10.20.5.7` and 16 give `10.20.0.0/16`. */
function networkOf(address: string, prefix: number): string {
  const bits = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - prefix);
  const network = Math.floor(bits / size) * size;
  const parts = [24, 16, 8, 0].map((shift) => Math.floor(network / 2 ** shift) % 256);
  return `${parts.join('.')}/${prefix}`;
}
