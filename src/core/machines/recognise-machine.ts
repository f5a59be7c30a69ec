// Says which machine a request comes from: none, exactly one, or nobody knows. A certificate counts only at the machines'
// own listener and a token only at the people's, from its machine's addresses; credentials of two kinds at once are never
// weighed against each other but refused.

import type { Reason } from '../reasons.ts';
import type { Machine } from './machine.ts';
import { sameHash } from './same-hash.ts';

export interface PresentedCertificate {
  /** SHA-256, 64 lower-case hex digits. */
  readonly fingerprint: string;
  /** Epoch milliseconds. */
  readonly validFrom: number;
  readonly validTo: number;
}

/** What the request brings along. */
export interface MachineQuestion {
  readonly door: 'people' | 'machines';
  readonly certificate: PresentedCertificate | null;
  /** A token of ours by its hash, and the name given with it. */
  readonly token: { readonly name: string | null; readonly hash: string } | null;
  /** Whether a cookie of ours is there as well. */
  readonly hasSession: boolean;
  readonly now: number;
}

/** `detail` is for the caller and tells nothing to who only guesses; `recorded` is for the record alone. */
export interface MachineRefusal {
  readonly machine: null;
  readonly reason: Reason;
  readonly detail: string;
  readonly recorded?: string;
}

export type MachineVerdict = { readonly machine: Machine | null; readonly proof: string } | MachineRefusal;

/** `isFrom`: whether the request comes from an address that this machine may come from. */
export function recogniseMachine(
  machines: readonly Machine[],
  question: MachineQuestion,
  isFrom: (machine: string) => boolean,
): MachineVerdict {
  const { door, token, hasSession } = question;
  if (door === 'people' && token === null) return { machine: null, proof: '' };
  if (hasSession) return ambiguous('A machine sends no session of a person');
  if (door === 'machines' && token !== null) return ambiguous('A machine sends a certificate or a token, not both');
  const found = token === null ? byCertificate(machines, question) : byToken(machines, token);
  if (typeof found === 'string') return unknown(found);
  if (!isFrom(found.machine.name)) return unknown(`Machine "${found.machine.name}" may not come from this address`);
  return found;
}

interface Found {
  readonly machine: Machine;
  readonly proof: string;
}

/** A text says why there is none. */
function byCertificate(machines: readonly Machine[], { certificate, now }: MachineQuestion): Found | string {
  if (certificate === null) return 'No client certificate was presented';
  const { fingerprint, validFrom, validTo } = certificate;
  const machine = machines.find(
    ({ credential }) => credential.by === 'certificate' && credential.fingerprints.some((one) => sameHash(one, fingerprint)),
  );
  if (machine === undefined) return `No machine has the certificate ${fingerprint}`;
  if (now < validFrom || now > validTo) return `The certificate of machine "${machine.name}" is not valid today`;
  return { machine, proof: fingerprint };
}

/** Every machine is asked, so that the time tells nothing. */
function byToken(machines: readonly Machine[], { name, hash }: NonNullable<MachineQuestion['token']>): Found | string {
  const [machine] = machines.filter(({ credential }) => credential.by === 'token' && sameHash(credential.tokenHash, hash));
  if (machine === undefined) return 'No machine has this token';
  if (name !== null && name !== machine.name) return `The token of machine "${machine.name}" came with another name`;
  return { machine, proof: hash };
}

function unknown(recorded: string): MachineRefusal {
  const detail = 'No machine with these credentials may come from this address';
  return { machine: null, reason: 'machine-unknown', detail, recorded };
}

function ambiguous(detail: string): MachineRefusal {
  return { machine: null, reason: 'caller-ambiguous', detail };
}
