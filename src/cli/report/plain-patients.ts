// Patients for a report: by the tokens that records carry, and by the id itself where a record of an earlier version carries that.

import type { PatientNames } from '../../patient-ports.ts';

export function plainPatients(names: PatientNames): PatientNames {
  return {
    show: async (tokens) => {
      const ids = tokens.filter((one) => !one.startsWith('~')).map((id) => [id, { id, name: null }] as const);
      return new Map([...ids, ...(await names.show(tokens.filter((one) => one.startsWith('~'))))]);
    },
    tokensOf: async (id) => [...new Set([id, ...(await names.tokensOf(id))])],
  };
}
