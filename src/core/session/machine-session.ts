// What a machine has in the place of a session. It is no row in a store and nobody's sign-in: it says which named caller
// of the configuration proved itself with this very request, and gives it a name in records, budgets and at the EHR. It
// holds no roles, no second factor and no times, so that what asks for those cannot take a machine for a person.

import type { Machine } from '../machines/machine.ts';
import type { Session, Subject } from './session.ts';

/** Whose name stands before a machine's. No provider can be called so: an issuer is an https address. */
export const machineIssuer = 'wardgate:machine';

export interface MachineSession {
  /** The name in `machines:`; its presence tells a machine from a person. */
  readonly machine: string;
  readonly by: 'certificate' | 'token';
  /** The fingerprint or the token's hash that it proved itself with; another one is another credential. */
  readonly proof: string;
  /** Under which its streams are kept; no session has such a key. */
  readonly key: string;
  /** What the EHR is told in the place of a session. */
  readonly reference: string;
  readonly subject: Subject;
  readonly roles: readonly never[];
  /** Applications it may ask anything of at all; null: whatever the rules say. */
  readonly applications: readonly string[] | null;
  /** Whether its own Authorization header goes on to the EHR. */
  readonly passAuthorization: boolean;
}

/** Who stands behind a request that may go on: a person in their session, or a machine. */
export type Caller = (Session & { readonly machine?: undefined; readonly passAuthorization?: undefined }) | MachineSession;

const nothing: readonly never[] = [];

export function machineSession(machine: Machine, proof: string): MachineSession {
  const { name, credential, applications, passAuthorization } = machine;
  const id = `machine:${name}`;
  const subject = { issuer: machineIssuer, sub: id, name, displayName: name };
  const { by } = credential;
  return { machine: name, by, proof, key: id, reference: id, subject, roles: nothing, applications, passAuthorization };
}

export function isMachine(caller: Caller): caller is MachineSession {
  return caller.machine !== undefined;
}
