// Places that IT named by their networks, and how far they lie apart. An address outside every network has no place: nothing here
// guesses where an address is.

import { addressBits } from './address-bits.ts';

export interface Place {
  readonly name: string;
  /** CIDR ranges, or single addresses. */
  readonly networks: readonly string[];
  /** Degrees. */
  readonly latitude: number;
  readonly longitude: number;
}

export function placeOf(address: string, places: readonly Place[]): Place | null {
  const bits = addressBits(address);
  return places.find(({ networks }) => networks.some((network) => bits.startsWith(networkBits(network)))) ?? null;
}

/** Over the ground, as a great circle. */
export function kilometresBetween(one: Place, other: Place): number {
  const radians = Math.PI / 180;
  const half = (from: number, to: number): number => Math.sin(((to - from) * radians) / 2) ** 2;
  const along = Math.cos(one.latitude * radians) * Math.cos(other.latitude * radians);
  const chord = half(one.latitude, other.latitude) + along * half(one.longitude, other.longitude);
  return 2 * 6371 * Math.asin(Math.sqrt(chord));
}

/** With the version first, so that no IPv4 range holds an IPv6 address. */
function networkBits(network: string): string {
  const [address = '', prefix] = network.split('/');
  const bits = addressBits(address);
  return prefix === undefined ? bits : bits.slice(0, Number(prefix) + 1);
}
