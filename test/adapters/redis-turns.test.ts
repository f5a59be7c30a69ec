// Turns by a real Redis: one at a time over all gateways, and none that lasts for ever.

import { expect, test } from 'vitest';
import { eventually } from '../support/demo-story.ts';
import { redisOfTests } from '../support/redis-gateway.ts';
import { requirement } from '../support/requirements.ts';

const redis = requirement('redis');
const key = 'wardgate-test{turn:refresh}';

redis.describe('turns by Redis', () => {
  const at = redisOfTests(redis.path ?? '');

  /** Work that ends when it is told to. */
  function gate(): { readonly work: () => Promise<string>; readonly begun: () => boolean; readonly end: () => void } {
    const ending = Promise.withResolvers<string>();
    let hasBegun = false;
    const work = async (): Promise<string> => {
      hasBegun = true;
      return ending.promise;
    };
    return { work, begun: () => hasBegun, end: () => ending.resolve('done') };
  }

  test('whoever comes while one works has the turn after it, and a failure is handed to whoever worked', async () => {
    const [first, second] = await at.two();
    const slow = gate();
    const working = first.turns.run('refresh', slow.work);
    await eventually(slow.begun, 'the first to work');
    const order: string[] = [];
    const failing = second.turns.run('refresh', async () => {
      order.push('failing');
      return Promise.reject(new Error('It failed'));
    });
    const caught = failing.catch((cause: unknown) => String(cause));
    await eventually(async () => typeof (await at.server.command('GET', key)) === 'string', 'a key');
    expect(order).toEqual([]);
    slow.end();
    expect(await working).toBe('done');
    expect(await caught).toContain('It failed');
    expect(await second.turns.run('refresh', async () => Promise.resolve('again'))).toBe('again');
    expect(await at.server.command('EXISTS', key)).toBe(0);
    expect(first.took).toContain('redis-script done');
  });

  test('another name is another turn, and within one gateway they come in order', async () => {
    const [first] = await at.two();
    const slow = gate();
    const working = first.turns.run('refresh', slow.work);
    const order: number[] = [];
    const queued = [1, 2, 3].map((number) => first.turns.run('refresh', async () => Promise.resolve(order.push(number))));
    expect(await first.turns.run('another', async () => Promise.resolve('at once'))).toBe('at once');
    slow.end();
    await Promise.all([working, ...queued]);
    expect(order).toEqual([1, 2, 3]);
  });

  test('a turn ends by itself, and whoever had it does not end the next one', async () => {
    const [first, second] = await at.two();
    const slow = gate();
    const next = gate();
    const working = first.turns.run('refresh', slow.work, { waitMilliseconds: 1000, holdMilliseconds: 100 });
    await eventually(slow.begun, 'the first to work');
    const after = second.turns.run('refresh', next.work);
    await eventually(next.begun, 'the next to work');
    slow.end();
    await working;
    expect(await at.server.command('EXISTS', key)).toBe(1);
    expect(first.log.said.map(({ message }) => message)).toContain(
      'Work took longer than its turn; another gateway may have done it as well',
    );
    next.end();
    await after;
    expect(await at.server.command('EXISTS', key)).toBe(0);
  });

  test('one that does not come in time is a fault, here and elsewhere', async () => {
    const [first, second] = await at.two();
    const slow = gate();
    const working = first.turns.run('refresh', slow.work);
    await eventually(slow.begun, 'the first to work');
    const brief = { waitMilliseconds: 50, holdMilliseconds: 1000 };
    const unavailable = { code: 'session-store-unavailable' };
    await expect(second.turns.run('refresh', slow.work, brief)).rejects.toMatchObject(unavailable);
    await expect(first.turns.run('refresh', slow.work, brief)).rejects.toMatchObject(unavailable);
    const patient = first.turns.run('refresh', async () => Promise.resolve('last'));
    slow.end();
    expect(await working).toBe('done');
    expect(await patient).toBe('last');
  });

  test('a Redis that hangs, or holds something else there, gives no turn', async () => {
    const [first] = await at.two();
    const unavailable = { code: 'session-store-unavailable' };
    const never = async (): Promise<string> => Promise.resolve('never');
    await at.server.command('LPUSH', key, 'x');
    await expect(first.turns.run('refresh', never)).rejects.toMatchObject(unavailable);
    await at.server.command('DEL', key);
    at.server.stop();
    await expect(first.turns.run('refresh', never)).rejects.toMatchObject(unavailable);
    at.server.continue();
    const again = async (): Promise<string | null> => first.turns.run('refresh', never).catch(() => null);
    expect(await eventually(again, 'a turn')).toBe('never');
  });
});
