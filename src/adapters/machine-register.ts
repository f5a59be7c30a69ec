// The machines of the configuration, as it stands now: replaced as a whole when the files are read again.

import { BlockList, isIP, isIPv6 } from 'node:net';
import type { MachineSettings } from '../config/settings.ts';
import type { Machine } from '../core/machines/machine.ts';
import { machineSession } from '../core/session/machine-session.ts';
import type { MachineSession } from '../core/session/machine-session.ts';
import type { MachineRegister } from '../machine-ports.ts';

interface Held {
  readonly settings: MachineSettings;
  /** Null: from anywhere. */
  readonly ranges: BlockList | null;
}

export class ConfiguredMachines implements MachineRegister {
  #held = new Map<string, Held>();
  #machines: readonly Machine[] = [];

  constructor(machines: ReadonlyMap<string, MachineSettings>) {
    this.replace(machines);
  }

  replace(machines: ReadonlyMap<string, MachineSettings>): void {
    this.#held = new Map([...machines].map(([name, settings]) => [name, { settings, ranges: blockList(settings.ranges) }]));
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
    const held = this.#held.get(machine);
    if (held === undefined) return false;
    const { ranges } = held;
    return ranges === null || (isIP(address) !== 0 && ranges.check(address, isIPv6(address) ? 'ipv6' : 'ipv4'));
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

function blockList(ranges: readonly string[] | null): BlockList | null {
  if (ranges === null) return null;
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', prefix] = range.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}
