// What reports hold the record against: the configuration of now, and the versions of rules and settings that are kept.

import { clinicTime } from '../adapters/clinic-time.ts';
import type { ChangeHistory } from '../change-ports.ts';
import type { Configuration } from '../config/settings.ts';
import { clientAddresses } from '../http/client-address.ts';
import type { ReportSetup } from '../report-setup-ports.ts';

export function reportSetup({ settings, policy }: Configuration, history: ChangeHistory): ReportSetup {
  const { zones, clinic, lock, applications, signIn, breakGlass, acknowledge } = settings;
  const time = clinicTime(clinic.timezone);
  const addresses = clientAddresses([], zones);
  return {
    zones: [...zones.keys()],
    zonesOf: (address) => addresses.zones(address),
    localTime: (at) => time.localTime(at),
    lock,
    applications: [...applications.keys()],
    policy,
    emergency: signIn.emergency ?? null,
    breakGlassSeconds: breakGlass.lastsSeconds,
    acknowledge,
    history,
  };
}
