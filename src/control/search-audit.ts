// `audit search`, `audit reconcile` and `report`: a command beside the gateway reads the record by itself and shows nothing before this
// is on record. To record it is all there is to do.

import type { Order } from '../control-ports.ts';

export function searchAudit(name: 'audit search' | 'audit reconcile' | 'report'): Order {
  return {
    name,
    fields: ['for'],
    needsReason: false,
    plan: ({ fields }) => {
      const carryOut = () => Promise.resolve({ done: true, told: {} } as const);
      return Promise.resolve({ planned: true, subject: null, detail: fields.get('for') ?? '', carryOut });
    },
  };
}
