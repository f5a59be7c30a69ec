// What gateways tell each other, for one that is alone: its memory is always current, every turn is its own, and it leads.

import type { SharedParts } from '../shared-ports.ts';

export const oneGateway: SharedParts = {
  changes: {
    tell: async () => Promise.resolve(true),
    follow: () => undefined,
    onMissed: () => undefined,
    current: true,
    caughtUp: async () => Promise.resolve(true),
  },
  // Within one gateway whoever needs turns has them already, by `sign-in/one-at-a-time.ts` or a promise under way.
  turns: { run: async (_, work) => work() },
  leadership: { leads: true, onLead: (begin) => begin() },
};
