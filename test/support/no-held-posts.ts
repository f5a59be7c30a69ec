// A place for held posts that holds none, for tests about other things.

import type { HeldPosts } from '../../src/held-ports.ts';

export const noHeldPosts: HeldPosts = {
  endedLately: () => null,
  reserve: () => null,
  hold: () => Promise.resolve(),
  of: () => [],
  open: () => Promise.resolve(null),
  take: () => Promise.resolve(false),
  answered: () => Promise.resolve(),
  discard: () => Promise.resolve(false),
  discardAll: () => Promise.resolve(0),
};
