// What the configuration of now says, for reports that hold the record against it. The record names neither zones nor limits, so
// these are of the moment in which the report is made.

import type { ChangeHistory } from './change-ports.ts';
import type { EmergencySettings, LockSettings } from './config/settings.ts';
import type { ClinicText } from './core/acknowledgement/clinic-text.ts';
import type { Policy } from './core/policy/policy.ts';

export interface ReportSetup {
  /** Names of all zones. */
  readonly zones: readonly string[];
  /** Those that an address is in. */
  readonly zonesOf: (address: string) => readonly string[];
  /** The clinic's wall clock: 0 is Sunday; minutes after midnight. */
  readonly localTime: (at: number) => { readonly weekday: number; readonly minute: number };
  readonly lock: LockSettings;
  readonly applications: readonly string[];
  readonly policy: Policy;
  /** Who may come in without the provider; null: nobody. */
  readonly emergency: EmergencySettings | null;
  readonly breakGlassSeconds: number;
  /** What people acknowledge before the EHR opens. */
  readonly acknowledge: readonly ClinicText[];
  /** The versions of rules and settings that were in force, with their authors. */
  readonly history: ChangeHistory;
}
