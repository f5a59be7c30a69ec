// What gateways tell each other by a real Redis: in order, and never current where something may be missing.

import { expect, test } from 'vitest';
import { openRedis } from '../../src/adapters/open-redis.ts';
import { eventually } from '../support/demo-story.ts';
import { FakeLog } from '../support/fake-ports.ts';
import { current, notCurrent, noticed, redisOfTests } from '../support/redis-gateway.ts';
import { requirement } from '../support/requirements.ts';

const redis = requirement('redis');
const key = 'wardgate-test{changes}';

redis.describe('what gateways tell each other by Redis', () => {
  const at = redisOfTests(redis.path ?? '');

  async function added(): Promise<number> {
    const info = (await at.server.command('XINFO', 'STREAM', key)) as readonly unknown[];
    return Number(info[info.indexOf('entries-added') + 1]);
  }

  test('one tells, the other hears it in order and the teller does not', async () => {
    const [first, second] = await at.two();
    const numbers = Array.from({ length: 500 }, (_one, index) => String(index));
    const told = await Promise.all(numbers.map((number) => first.changes.tell('sessions-ended', [number])));
    expect(told.every((one) => one)).toBe(true);
    expect(await second.changes.caughtUp()).toBe(true);
    expect(second.heard).toEqual(['everything', ...numbers]);
    expect(first.heard).toEqual(['everything']);
    expect(first.notices()).toEqual([]);
  });

  test('many keys at once are heard whole, and other topics are somebody else’s', async () => {
    const [first, second] = await at.two();
    const keys = Array.from({ length: 1001 }, (_one, index) => `key ${index}`);
    expect(await first.changes.tell('devices', ['a device'])).toBe(true);
    expect(await first.changes.tell('sessions-ended', keys)).toBe(true);
    expect(await second.changes.caughtUp()).toBe(true);
    expect(second.heard).toEqual(['everything', ...keys]);
  });

  test('a thousand who ask whether everything was heard are one question', async () => {
    const [first] = await at.two();
    const before = await added();
    const asked = await Promise.all(Array.from({ length: 1000 }, () => first.changes.caughtUp()));
    expect(asked.every((one) => one)).toBe(true);
    expect((await added()) - before).toBeLessThan(100);
  });

  test('a Redis that hangs: nothing is current, and what was told is heard once it goes on', async () => {
    const [first, second] = await at.two();
    at.server.stop();
    await notCurrent(first, second);
    expect(await at.gateways.end(first, 'x')).toBe(false);
    expect(await second.changes.caughtUp()).toBe(false);
    await noticed(first, 'not answered');
    at.server.continue();
    await at.gateways.hasEnded('x', first, second);
    expect(second.heard.slice(0, 2)).toEqual(['everything', 'everything']);
    await current(first);
    expect(first.notices()).toEqual([]);
    expect([...first.took].sort()).toEqual(['redis-round done', 'redis-round failed']);
    expect(first.changes.figures()).toMatchObject({ reconnects: 1, unconfirmed: 0 });
  });

  test('a Redis that is killed and comes back empty: everything is read again before anything is current', async () => {
    const [first, second] = await at.two();
    await at.server.kill();
    await notCurrent(first, second);
    expect(await at.gateways.end(first, 'y')).toBe(false);
    expect(second.heard).toEqual(['everything']);
    await at.server.start();
    await at.gateways.hasEnded('y', first, second);
    expect(second.heard.slice(0, 2)).toEqual(['everything', 'everything']);
    expect(await at.gateways.end(first, 'z')).toBe(true);
  });

  test.each([
    ['FLUSHALL', async () => at.server.command('FLUSHALL')],
    ['DEL', async () => at.server.command('DEL', key)],
    ['an entry that was taken away before it was read', async () => at.server.command('EVAL', takenAway, '1', key)],
    [
      'an entry of a format that is not known',
      async () => at.server.command('XADD', key, '*', 'f', '2', 'k', 'more', 'g', 'other'),
    ],
    [
      'an entry that cannot be read',
      async () => at.server.command('XADD', key, '*', 'f', '1', 'k', 'told', 'g', 'other', 'e', '{'),
    ],
  ])('%s: everything is read again', async (_name, happen) => {
    const [first, second] = await at.two();
    await happen();
    await eventually(() => first.heard.length === 2 && second.heard.length === 2, 'everything read again');
    await current(first, second);
    expect(await first.changes.tell('sessions-ended', ['x'])).toBe(true);
    expect(await second.changes.caughtUp()).toBe(true);
    expect(second.heard.at(-1)).toBe('x');
  });

  const takenAway = `local id = redis.call('XADD', KEYS[1], '*', 'k', 'told') redis.call('XDEL', KEYS[1], id)`;

  test.each([
    ['what is not ours under the key', ['SET', key, 'x'], ['DEL', key], 'holds what is not ours'],
    ['a server that became a replica', ['REPLICAOF', '127.0.0.1', '1'], ['REPLICAOF', 'NO', 'ONE'], 'replica'],
    ['a server without memory', ['CONFIG', 'SET', 'maxmemory', '1'], ['CONFIG', 'SET', 'maxmemory', '0'], 'no memory'],
    [
      'a server that may throw keys away after a start',
      ['CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru'],
      ['CONFIG', 'SET', 'maxmemory-policy', 'noeviction'],
      'throw keys away',
    ],
  ])('%s: said so, and gone on from once it is put right', async (_name, [name = '', ...args], [right = '', ...rest], words) => {
    const [first, second] = await at.two();
    await at.server.command(name, ...args);
    // A policy is looked at when a link begins.
    await at.server.command('CLIENT', 'KILL', 'TYPE', 'normal');
    await notCurrent(first, second);
    await noticed(first, words);
    expect(await at.gateways.end(first, words)).toBe(false);
    await at.server.command(right, ...rest);
    await at.gateways.hasEnded(words, first, second);
    expect(second.heard.slice(0, 2)).toEqual(['everything', 'everything']);
  });

  test('what is told while everything is read is heard after it, and nothing is current until then', async () => {
    const [first, second] = await at.two();
    const reading = Promise.withResolvers<undefined>();
    let tries = 0;
    second.changes.onMissed(async () => {
      tries += 1;
      if (tries === 1) throw new Error('The database is away');
      await reading.promise;
    });
    await eventually(() => tries === 2, 'a second try');
    expect(await first.changes.tell('sessions-ended', ['x'])).toBe(true);
    expect(await second.changes.caughtUp()).toBe(false);
    expect(second.changes.current).toBe(false);
    expect(second.heard).toEqual(['everything']);
    reading.resolve(undefined);
    await current(second);
    expect(second.heard).toEqual(['everything', 'x']);
  });

  test('one that cannot mark what changed reads everything', async () => {
    const [first, second] = await at.two();
    second.changes.follow('grants', () => {
      throw new Error('Cannot mark it');
    });
    await first.changes.tell('grants', ['x']);
    await eventually(() => second.heard.length === 2, 'everything read again');
    await current(second);
  });

  test('more than can be kept becomes one word: everything may have changed', async () => {
    const [first, second] = await at.two();
    at.server.stop();
    await notCurrent(first, second);
    const told = Array.from({ length: 10_050 }, (_one, index) => first.changes.tell('sessions-ended', [String(index)]));
    expect(first.changes.figures().unconfirmed).toBe(51);
    at.server.continue();
    expect(await told[0]).toBe(false);
    await eventually(() => first.changes.figures().unconfirmed === 0, 'everything to be confirmed');
    await current(first, second);
    expect(second.heard.filter((one) => one === 'everything').length).toBeGreaterThan(1);
    expect(second.heard).not.toContain('0');
  });

  test('a process that stood still is not current by what it wrote before', async () => {
    const [first] = await at.two();
    first.clock.advance(1001);
    expect(first.changes.current).toBe(false);
    await current(first);
  });

  test('a gateway that falls silent without a word may have changed something: everything is read again, once', async () => {
    const [first, second] = await at.two();
    await at.server.command('XADD', key, '*', 'f', '1', 'k', 'heartbeat', 'g', 'killed', 'n', '1');
    second.close();
    expect(await first.changes.caughtUp()).toBe(true);
    first.clock.advance(3001);
    await eventually(() => first.heard.length === 2, 'everything read again');
    await current(first);
    first.clock.advance(3001);
    await current(first);
    expect(first.heard).toEqual(['everything', 'everything']);
  });

  test('a clock that is wrong is told', async () => {
    const wrong = { now: () => Date.now() - 5000, monotonic: () => performance.now() };
    const opened = await openRedis(at.server.settings, { clock: wrong, log: new FakeLog() });
    try {
      await eventually(() => opened.notices().some((notice) => notice.includes('5 s behind')), 'a notice');
      expect(Math.round((opened.changes.figures().skewMilliseconds ?? 0) / 1000)).toBe(-5);
    } finally {
      opened.close();
    }
  });

  test('one that is closed is not current, tells nobody, and knows nothing', async () => {
    const [first] = await at.two();
    first.close();
    expect(first.changes.current).toBe(false);
    expect(await first.changes.tell('sessions-ended', ['x'])).toBe(false);
    expect(await first.changes.caughtUp()).toBe(false);
  });
});
