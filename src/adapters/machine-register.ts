// The machines of the configuration, as it stands now: replaced as a whole when the files are read again.

import type { MachineSettings } from '../config/settings.ts';
import type { Machine } from '../core/machines/machine.ts';
import { machineSession } from '../core/session/machine-session.ts';
import type { MachineSession } from '../core/session/machine-session.ts';
import type { MachineRegister } from '../machine-ports.ts';

interface Held {
  readonly settings: MachineSettings;
  readonly mayComeFrom: (address: string) => boolean;
}

/** Makes of ranges what tells whether an address lies in one of them. */
type AddressRanges = (ranges: readonly string[]) => (address: string) => boolean;

const anywhere = (): boolean => true;

export class ConfiguredMachines implements MachineRegister {
  readonly #addressRanges: AddressRanges;
  #held = new Map<string, Held>();
  #machines: readonly Machine[] = [];

  constructor(machines: ReadonlyMap<string, MachineSettings>, addressRanges: AddressRanges) {
    this.#addressRanges = addressRanges;
    this.replace(machines);
  }

  replace(machines: ReadonlyMap<string, MachineSettings>): void {
    const held = (settings: MachineSettings): Held => ({
      settings,
      mayComeFrom: settings.ranges === null ? anywhere : this.#addressRanges(settings.ranges),
    });
    this.#held = new Map([...machines].map(([name, settings]) => [name, held(settings)]));
    this.#machines = [...machines.values()];
  }

  machines(): readonly Machine[] {
    return this.#machines;
  }

  /** One for each proof that is good now. */
  sessions(): readonly MachineSession[] {
    return this.#machines.flatMap((machine) => {
      const { credential } = machine;
      const proofs = credential.by === 'token' ? [credential.tokenHash] : credential.fingerprints;
      return proofs.map((proof) => machineSession(machine, proof));
    });
  }

  isFrom(machine: string, address: string): boolean {
    return this.#held.get(machine)?.mayComeFrom(address) ?? false;
  }

  stillKnows({ machine, by, proof }: MachineSession): boolean {
    const credential = this.#held.get(machine)?.settings.credential;
    if (credential === undefined || credential.by !== by) return false;
    return credential.by === 'token' ? credential.tokenHash === proof : credential.fingerprints.includes(proof);
  }

  account(machine: string): MachineSettings['account'] {
    return this.#held.get(machine)?.settings.account ?? null;
  }
}
