// The limits of one session: of everything that applies to the person, the strictest. A role never lengthens a limit,
// because the desk of a nurse who is also an administrator is still a desk in a corridor.

import type { SessionLimits } from './session.ts';

/** What a zone, a role or, one day, a kind of device narrows; null where it is silent. */
export interface PartialLimits {
  readonly idleSeconds: number | null;
  readonly endAfterLockSeconds: number | null;
  readonly absoluteSeconds: number | null;
}

/** What the configuration says about limits, by zone and by role; null where it is silent. Seconds. */
export interface LimitTable {
  readonly everywhere: SessionLimits;
  readonly zones: ReadonlyMap<string, PartialLimits>;
  readonly roles: ReadonlyMap<string, PartialLimits>;
}

/** The strictest limits over everywhere, the person's roles and the zones they are in. */
export function limitsFor(table: LimitTable, roles: readonly string[], zones: readonly string[]): SessionLimits {
  let limits = table.everywhere;
  for (const applying of [...named(table.roles, roles), ...named(table.zones, zones)]) {
    limits = {
      idleSeconds: Math.min(limits.idleSeconds, applying.idleSeconds ?? limits.idleSeconds),
      endAfterLockSeconds: Math.min(limits.endAfterLockSeconds, applying.endAfterLockSeconds ?? limits.endAfterLockSeconds),
      absoluteSeconds: Math.min(limits.absoluteSeconds, applying.absoluteSeconds ?? limits.absoluteSeconds),
    };
  }
  return limits;
}

function named(table: ReadonlyMap<string, PartialLimits>, names: readonly string[]): PartialLimits[] {
  return names.flatMap((name) => table.get(name) ?? []);
}
