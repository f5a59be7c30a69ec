// What gateways tell each other by a real Redis: in order, and never current where something may be missing.

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openRedis } from '../../src/adapters/open-redis.ts';
import type { OpenRedis } from '../../src/adapters/open-redis.ts';
import type { RedisSettings } from '../../src/core/store/store-settings.ts';
import { eventually } from '../support/demo-story.ts';
import { FakeClock, FakeLog } from '../support/fake-ports.ts';
import { RedisServers } from '../support/redis-server.ts';
import type { RedisServer } from '../support/redis-server.ts';
import { requirement } from '../support/requirements.ts';

const redis = requirement('redis');

interface Gateway extends OpenRedis {
  readonly clock: FakeClock;
  readonly log: FakeLog;
  /** What was heard of sessions that ended, and every time everything was read. */
  readonly heard: string[];
}

redis.describe('what gateways tell each other by Redis', () => {
  let servers: RedisServers;
  let server: RedisServer;
  const open: Gateway[] = [];

  beforeAll(async () => {
    servers = new RedisServers(redis.path ?? '');
    server = await servers.server();
  });
  afterEach(() => {
    for (const gateway of open.splice(0)) gateway.close();
  });
  afterAll(() => servers.close());

  async function begin(settings: RedisSettings = server.settings): Promise<Gateway> {
    const clock = new FakeClock();
    const log = new FakeLog();
    const heard: string[] = [];
    const opened = await openRedis(settings, { clock, log });
    opened.changes.follow('sessions-ended', (entries) => heard.push(...entries));
    opened.changes.onMissed(async () => {
      heard.push('everything');
      return Promise.resolve();
    });
    const one = { ...opened, clock, log, heard };
    open.push(one);
    await eventually(() => one.changes.current, 'a gateway that is current');
    return one;
  }

  test('one tells, the other hears it in order and the teller does not', async () => {
    const [first, second] = [await begin(), await begin()];
    const numbers = Array.from({ length: 500 }, (_one, index) => String(index));
    const told = await Promise.all(numbers.map((number) => first.changes.tell('sessions-ended', [number])));
    expect(told.every((one) => one)).toBe(true);
    expect(await second.changes.caughtUp()).toBe(true);
    expect(second.heard).toEqual(['everything', ...numbers]);
    expect(first.heard).toEqual(['everything']);
    expect(first.notices()).toEqual([]);
  });

  test('a Redis that hangs: nothing is current, and what was told is heard once it goes on', async () => {
    const [first, second] = [await begin(), await begin()];
    server.stop();
    await eventually(() => !first.changes.current && !second.changes.current, 'gateways that know');
    expect(await first.changes.tell('sessions-ended', ['x'])).toBe(false);
    expect(await second.changes.caughtUp()).toBe(false);
    await eventually(() => first.notices().some((notice) => notice.includes('not answered')), 'a notice');
    server.continue();
    await eventually(() => first.changes.current && second.changes.current, 'gateways that go on');
    await eventually(() => second.heard.includes('x'), 'what was told');
    expect(second.heard).toEqual(['everything', 'everything', 'x']);
    expect(first.notices()).toEqual([]);
  });
});
