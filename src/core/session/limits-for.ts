// The limits of one session: of everything that applies to the person, the strictest. A role never lengthens a limit,
// because the desk of a nurse who is also an administrator is still a desk in a corridor.

import { deviceKindOf } from './device.ts';
import type { DeviceKind } from './device.ts';
import type { Session, SessionLimits } from './session.ts';

/** What a zone, a role or a kind of device narrows; null where it is silent. */
export interface PartialLimits {
  readonly idleSeconds: number | null;
  readonly endAfterLockSeconds: number | null;
  readonly absoluteSeconds: number | null;
}

/** What the configuration says about limits, by zone, by role and by kind of device; null where it is silent. Seconds. */
export interface LimitTable {
  readonly everywhere: SessionLimits;
  readonly zones: ReadonlyMap<string, PartialLimits>;
  readonly roles: ReadonlyMap<string, PartialLimits>;
  readonly devices: ReadonlyMap<DeviceKind, PartialLimits>;
}

/** The strictest limits over everywhere, the person's roles, the zones they are in and the kind of device. */
export function limitsFor(
  table: LimitTable,
  { roles, device }: Pick<Session, 'roles' | 'device'>,
  zones: readonly string[],
): SessionLimits {
  let limits = table.everywhere;
  const ofDevice = named(table.devices, [deviceKindOf(device)]);
  for (const applying of [...named(table.roles, roles), ...named(table.zones, zones), ...ofDevice]) {
    limits = {
      idleSeconds: Math.min(limits.idleSeconds, applying.idleSeconds ?? limits.idleSeconds),
      endAfterLockSeconds: Math.min(limits.endAfterLockSeconds, applying.endAfterLockSeconds ?? limits.endAfterLockSeconds),
      absoluteSeconds: Math.min(limits.absoluteSeconds, applying.absoluteSeconds ?? limits.absoluteSeconds),
    };
  }
  return limits;
}

function named<Name extends string>(table: ReadonlyMap<Name, PartialLimits>, names: readonly Name[]): PartialLimits[] {
  return names.flatMap((name) => table.get(name) ?? []);
}
