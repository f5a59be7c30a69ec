// What is known of the EHRs besides their passwords: where sessions stand there, and which sign-ons failed lately. As one
// gateway has it alone, or several in common.

import type { SharedParts } from '../shared-ports.ts';
import { SharedEhrStandings } from './ehr-standings-shared.ts';
import { SqliteEhrStandings } from './ehr-standings-sqlite.ts';
import type { EhrStandingsOptions } from './ehr-standings-sqlite.ts';
import { SharedFailureBrake } from './failure-brake-shared.ts';
import { oneGateway } from './one-gateway.ts';

export interface EhrStateOptions extends EhrStandingsOptions {
  readonly clock: ConstructorParameters<typeof SharedFailureBrake>[0]['clock'] & EhrStandingsOptions['clock'];
  /** Sign-ons at one EHR that may fail within a minute. */
  readonly signOnFailuresPerMinute?: number;
}

export interface EhrState {
  readonly standings: SqliteEhrStandings | SharedEhrStandings;
  /** Null where the gateway is alone and counts by itself. */
  readonly brake: SharedFailureBrake | null;
  /** What it goes by, for whoever signs on. */
  readonly shared: SharedParts;
}

/** Rejects with Fault `session-store-unavailable`. */
export async function openEhrState(options: EhrStateOptions, shared: SharedParts): Promise<EhrState> {
  if (shared === oneGateway) return { standings: await SqliteEhrStandings.open(options), brake: null, shared };
  const standings = new SharedEhrStandings({ ...options, changes: shared.changes });
  await standings.sweep();
  const brake = new SharedFailureBrake({ ...options, mostPerMinute: options.signOnFailuresPerMinute ?? 5 });
  await brake.forgive();
  return { standings, brake, shared };
}
