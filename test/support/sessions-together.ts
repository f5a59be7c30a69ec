// Sessions of several gateways over one store, with what their listeners were told.

import { SqliteSessionStore } from '../../src/adapters/session-store-sqlite.ts';
import type { SessionStanding } from '../../src/core/session/judge-standing.ts';
import type { Session } from '../../src/core/session/session.ts';
import { FakeClock, FakeLog } from './fake-ports.ts';
import { GatewaysTogether } from './gateways-together.ts';
import type { GatewayOfSeveral } from './gateways-together.ts';
import { openStateDb } from './state-engines.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const minute = 60_000;

export interface SessionsOfOne {
  readonly gateway: GatewayOfSeveral;
  readonly store: SqliteSessionStore;
  /** What listeners were told. */
  readonly told: string[];
}

// oxlint-disable-next-line typescript/explicit-module-boundary-types -- what it opens is told by what it returns
export async function sessionsTogether(gateways = 2) {
  const db = await openStateDb(temporaryDirectory());
  const clock = new FakeClock();
  const together = new GatewaysTogether();
  const judging = { idleAfter: Infinity };
  const judge = ({ lastActiveAt }: Session, now: number): SessionStanding => {
    const since = lastActiveAt + judging.idleAfter;
    return now < since
      ? { standing: 'active', locksAt: since, endsAt: since }
      : { standing: 'locked', since, endsAt: since + minute };
  };
  const open = async (): Promise<SessionsOfOne> => {
    const gateway = together.gateway();
    const options = { touchStepMilliseconds: 60 * minute, judge, shared: gateway };
    const store = await SqliteSessionStore.open(db, clock, new FakeLog(), options);
    const told: string[] = [];
    store.onEnd(({ key }, reason, where) => told.push(`end ${key} ${reason} ${where}`));
    store.onLock(({ key }, _, where) => told.push(`lock ${key} ${where}`));
    store.onRename((from, to, where) => told.push(`rename ${from} ${to} ${where}`));
    return { gateway, store, told };
  };
  const all: SessionsOfOne[] = [];
  for (let n = 0; n < gateways; n += 1) all.push(await open());
  const stop = async (): Promise<void> => {
    for (const { store } of all) await store.close();
    await db.close();
  };
  const [a, b] = all as [SessionsOfOne, SessionsOfOne];
  return { db, clock, together, judging, all, a, b, stop };
}
