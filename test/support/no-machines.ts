// A configuration that names no machine.

import type { MachineRegister } from '../../src/machine-ports.ts';

export const noMachines: MachineRegister = {
  machines: () => [],
  isFrom: () => false,
  stillKnows: () => false,
  account: () => null,
};
