// What a confirmation remembers, for gateways that a test puts together by hand.

import { MemoryAskedConfirmations } from '../../src/adapters/asked-confirmations-memory.ts';
import { MemoryFormerIds } from '../../src/adapters/former-ids-memory.ts';
import type { Clock } from '../../src/ports.ts';
import type { AskedConfirmations, FormerIds } from '../../src/step-up-ports.ts';

export function stepUpMemory(clock: Clock): { readonly asked: AskedConfirmations; readonly formerIds: FormerIds } {
  return { asked: new MemoryAskedConfirmations(clock), formerIds: new MemoryFormerIds(clock) };
}
