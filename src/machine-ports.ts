// What recognising machines needs from the world: the listener a request came by, the machines of the configuration, and
// a count of failed tries. `stages/` and `ehr/` see these types.

import type { Machine } from './core/machines/machine.ts';
import type { PresentedCertificate } from './core/machines/recognise-machine.ts';
import type { MachineSession } from './core/session/machine-session.ts';

/** The listener a request came by. Only that of the machines asks for a certificate; browsers never see it. */
export type Door = { readonly by: 'people' } | { readonly by: 'machines'; readonly certificate: PresentedCertificate | null };

export interface MachineRegister {
  /** All that the configuration names now. */
  machines(): readonly Machine[];
  /** Whether the machine may come from this address. */
  isFrom(machine: string, address: string): boolean;
  /** Whether a machine that proved itself so still could. */
  stillKnows(session: MachineSession): boolean;
  /** Its own account at the EHRs; null where it has none. */
  account(machine: string): { readonly account: string; readonly password: string } | null;
}

export interface MachineAttempts {
  /** Counts a failed try and says in how many seconds the address may try again; 0: at once. */
  failed(address: string): number;
}
