// A sign-in from a network that this person never came from. Networks are judged coarsely, because addresses within one
// change by themselves.

import { forgetOldest } from '../forget-oldest.ts';
import type { Detector } from './detector.ts';
import type { DetectorSettings } from './detector-settings.ts';
import { Remembered } from './remembered.ts';

const mostNetworks = 64;
const mostPeople = 20_000;

/** `afterSignIns`: from then on it is known where somebody comes from. */
export function newNetwork({ afterSignIns }: NonNullable<DetectorSettings['new-network']>): Detector {
  const people = new Remembered(mostPeople, () => ({ networks: new Set<string>(), signIns: 0 }));
  return ({ event, person, address }) => {
    if (event !== 'sign-in' || person === null || address === null) return null;
    const known = people.of(person.key);
    const network = networkOf(address);
    const strange = known.signIns >= afterSignIns && !known.networks.has(network);
    known.networks.add(network);
    forgetOldest(known.networks, mostNetworks);
    known.signIns += 1;
    const words = `Signed in from ${address}, a network they never came from`;
    return strange ? { detector: 'new-network', person, patient: null, words } : null;
  };
}

/** The first 24 bits of an IPv4 address, the first 48 of an IPv6 one. */
function networkOf(address: string): string {
  const separator = address.includes(':') ? ':' : '.';
  return address.split(separator).slice(0, 3).join(separator);
}
