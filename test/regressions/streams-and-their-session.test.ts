// A step-up gave the session a new id, and five seconds later every download and live connection of the person was cut,
// because they were known by the old one; signing out in those seconds cut none. And a live connection opened at a desk,
// where sessions end after five minutes, was looked after by the limits of everywhere.

import { expect, test } from 'vitest';
import { LiveStreams } from '../../src/http/live-streams.ts';
import type { StreamFacts } from '../../src/http/live-streams.ts';
import { sessionSweep } from '../../src/http/sweep-sessions.ts';
import type { Session } from '../../src/core/session/session.ts';
import type { SessionStore } from '../../src/ports.ts';
import { noMachines } from '../support/no-machines.ts';

const factsOf = (zones: readonly string[]): StreamFacts => ({ zones, session: {} }) as unknown as StreamFacts;

test('streams go along when their session goes on under another key', () => {
  const live = new LiveStreams();
  const cut: string[] = [];
  const download = live.enter(factsOf([]), 'old');
  download.onCut(() => void cut.push('download'));
  live.enter(factsOf([]), 'old').onCut(() => void cut.push('live connection'));
  live.rename('old', 'new');
  expect(live.sessions()).toEqual(['new']);
  download.leave();
  expect(live.count('new')).toBe(1);
  live.endSession('new');
  expect(cut).toEqual(['live connection']);
});

test.each([
  [[], 4 * 60, null],
  [[], 6 * 60, null],
  [[], 15 * 60, 'locked'],
  [['desks'], 4 * 60, null],
  [['desks'], 6 * 60, 'locked'],
  [['desks'], 8 * 60, 'idle'],
])('a stream from %j after %i idle seconds: %s', async (zones, idleSeconds, expected) => {
  const live = new LiveStreams();
  live.enter(factsOf(zones), 'key');
  const ended: string[] = [];
  const session = { key: 'key', roles: [], createdAt: 0, lastActiveAt: 0, lockedAt: null } as unknown as Session;
  const sessions = {
    find: () => ({ found: 'yes', value: session }),
    lock: async () => Promise.resolve(ended.push('locked')),
    end: async (_key: string, why: string) => Promise.resolve(ended.push(why)),
  };
  const sessionLimits = (_session: unknown, from: readonly string[]) => ({
    idleSeconds: from.includes('desks') ? 300 : 900,
    endAfterLockSeconds: 120,
    absoluteSeconds: 43_200,
  });
  const clock = { now: () => idleSeconds * 1000, monotonic: () => 0 };
  await sessionSweep({
    live,
    sessions: sessions as unknown as SessionStore,
    clock,
    sessionLimits,
    machines: noMachines,
    judgeAgain: () => null,
    rolesAreStale: () => false,
    refreshRoles: () => Promise.resolve(),
    failed: (cause) => expect.unreachable(String(cause)),
  })();
  expect(ended).toEqual(expected === null ? [] : [expected]);
});
