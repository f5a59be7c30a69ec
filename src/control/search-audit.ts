// `audit search`: a command beside the gateway reads the index by itself and is shown nothing before this is on record. To
// record it is all there is to do.

import type { Order } from '../control-ports.ts';

export function searchAudit(): Order {
  return {
    name: 'audit search',
    fields: ['for'],
    needsReason: false,
    plan: ({ fields }) => {
      const carryOut = () => Promise.resolve({ done: true, told: {} } as const);
      return Promise.resolve({ planned: true, subject: null, detail: fields.get('for') ?? '', carryOut });
    },
  };
}
