// The operating system's randomness. Every id, secret and code of the product starts here.

import { randomBytes } from 'node:crypto';
import type { Randomness } from '../ports.ts';

/** 256 bits, so that guessing is hopeless whatever the number of live sessions. */
export const systemRandomness: Randomness = {
  id: () => randomBytes(32).toString('base64url'),
};
