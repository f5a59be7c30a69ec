// What is known of the EHRs besides their passwords: where sessions stand there, and which sign-ons failed lately. As one
// gateway has it alone, or several in common.

import type { SignOnBrake } from '../ehr-ports.ts';
import type { Clock } from '../ports.ts';
import type { SharedParts } from '../shared-ports.ts';
import { SharedEhrStandings } from './ehr-standings-shared.ts';
import { SqliteEhrStandings } from './ehr-standings-sqlite.ts';
import type { EhrStandingsOptions } from './ehr-standings-sqlite.ts';
import { forgiveAccounts, SharedFailureBrake } from './failure-brake-shared.ts';
import { oneGateway } from './one-gateway.ts';

export interface EhrStateOptions extends EhrStandingsOptions {
  readonly clock: Clock;
}

export interface EhrState {
  readonly standings: SqliteEhrStandings | SharedEhrStandings;
  /** By how many sign-ons may fail in a minute. Null where the gateway is alone and counts by itself. */
  readonly brakeOf: ((mostPerMinute: number) => SignOnBrake) | null;
}

/** Rejects with Fault `session-store-unavailable`. */
export async function openEhrState(options: EhrStateOptions, { changes }: SharedParts): Promise<EhrState> {
  if (changes === oneGateway.changes) return { standings: await SqliteEhrStandings.open(options), brakeOf: null };
  const standings = new SharedEhrStandings({ ...options, changes });
  await standings.sweep();
  await forgiveAccounts(options.db);
  return { standings, brakeOf: (mostPerMinute) => new SharedFailureBrake({ ...options, mostPerMinute }) };
}
