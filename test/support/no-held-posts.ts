// A place for held posts that holds none, for tests about other things.

import type { HeldPosts } from '../../src/held-ports.ts';
import type { KeepFormNeeds } from '../../src/stages/keep-form.ts';
import { fakeToken } from './fake-patients.ts';

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

/** For stages that keep forms, where none comes. */
export const keepsNoForms: KeepFormNeeds = {
  held: noHeldPosts,
  audit: { append: () => Promise.reject(new Error('Nothing is to be recorded')) } as unknown as KeepFormNeeds['audit'],
  randomness: { id: () => 'id' },
  hashTarget: () => 'hash',
  recordedToken: fakeToken,
  limits: { bodyBytes: 0, heldPostBytes: 0, heldPostsPerPerson: 0, formTimeoutSeconds: 1 },
};
