// The limits of one session: of everything that applies to the person, the strictest. A role never lengthens a limit,
// because the desk of a nurse who is also an administrator is still a desk in a corridor.

import type { SessionLimits } from './session.ts';

interface PartialLimits {
  readonly idleSeconds: number | null;
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
  const { everywhere } = table;
  let { idleSeconds, absoluteSeconds } = everywhere;
  for (const applying of [...named(table.roles, roles), ...named(table.zones, zones)]) {
    idleSeconds = Math.min(idleSeconds, applying.idleSeconds ?? idleSeconds);
    absoluteSeconds = Math.min(absoluteSeconds, applying.absoluteSeconds ?? absoluteSeconds);
  }
  return { idleSeconds, absoluteSeconds };
}

function named(table: ReadonlyMap<string, PartialLimits>, names: readonly string[]): PartialLimits[] {
  return names.flatMap((name) => table.get(name) ?? []);
}
