// Gives every request its id and its time before anything can refuse it, so that no record lacks them and whoever is refused
// has something to read out.

import type { Arrived, Named } from '../facts.ts';
import type { Stage } from '../pipeline.ts';
import type { Clock } from '../ports.ts';

export interface NameNeeds {
  readonly clock: Clock;
  readonly nextRequestId: () => string;
}

export function nameRequest(needs: NameNeeds): Stage<Arrived, Named> {
  return () => ({ id: needs.nextRequestId(), arrivedAt: needs.clock.now(), startedAt: needs.clock.monotonic() });
}
