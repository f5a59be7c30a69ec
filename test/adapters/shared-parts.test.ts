// What stores lean on: the same on a real Redis and in the stand-in that suites of stores run on.

import { afterEach, describe, expect, test } from 'vitest';
import type { SharedChanges, SharedTurns } from '../../src/shared-ports.ts';
import { eventually } from '../support/demo-story.ts';
import { GatewaysTogether } from '../support/gateways-together.ts';
import { redisOfTests } from '../support/redis-gateway.ts';
import { requirement } from '../support/requirements.ts';

interface Parts {
  readonly changes: SharedChanges;
  readonly turns: SharedTurns;
}

function promises(gateway: () => Promise<Parts>): void {
  /** What one hears of a topic. */
  function hearing({ changes }: Parts): string[] {
    const heard: string[] = [];
    changes.follow('grants', (entries) => heard.push(...entries));
    return heard;
  }

  test('others hear what one tells, in order, and the teller does not', async () => {
    const [first, second, third] = [await gateway(), await gateway(), await gateway()];
    const [own, ...others] = [first, second, third].map(hearing);
    expect(await first.changes.tell('grants', ['a', 'b'])).toBe(true);
    expect(await first.changes.tell('devices', ['not this'])).toBe(true);
    expect(await first.changes.tell('grants', ['c'])).toBe(true);
    expect(await second.changes.caughtUp()).toBe(true);
    expect(await third.changes.caughtUp()).toBe(true);
    expect(others).toEqual([
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
    ]);
    expect(own).toEqual([]);
  });

  test('all who follow a topic hear it, and an empty word is a word', async () => {
    const [first, second] = [await gateway(), await gateway()];
    const heard = [hearing(second), hearing(second)];
    let words = 0;
    second.changes.follow('grants', () => (words += 1));
    expect(await first.changes.tell('grants', [])).toBe(true);
    expect(await first.changes.tell('grants', ['a'])).toBe(true);
    expect(await second.changes.caughtUp()).toBe(true);
    expect(heard).toEqual([['a'], ['a']]);
    expect(words).toBe(2);
  });

  test('what nobody missed is current', async () => {
    const { changes } = await gateway();
    await eventually(() => changes.current, 'one that is current');
    expect(await changes.caughtUp()).toBe(true);
  });

  test('one at a time has the turn of a name, and a failure ends it', async () => {
    const [first, second] = [await gateway(), await gateway()];
    const slow = Promise.withResolvers<string>();
    const order: string[] = [];
    const working = first.turns.run('refresh', async () => {
      order.push('first begins');
      return slow.promise.finally(() => order.push('first ends'));
    });
    await eventually(() => order.length === 1, 'the first to work');
    const failing = second.turns.run('refresh', async () => {
      order.push('second');
      return Promise.reject(new Error('It failed'));
    });
    const failed = failing.catch((cause: unknown) => String(cause));
    expect(await second.turns.run('another', async () => Promise.resolve('at once'))).toBe('at once');
    slow.resolve('done');
    expect(await working).toBe('done');
    expect(await failed).toContain('It failed');
    expect(await first.turns.run('refresh', async () => Promise.resolve('again'))).toBe('again');
    expect(order).toEqual(['first begins', 'first ends', 'second']);
  });
}

describe('several gateways in one process', () => {
  let together = new GatewaysTogether();
  afterEach(() => {
    together = new GatewaysTogether();
  });
  promises(async () => Promise.resolve(together.gateway()));
});

const redis = requirement('redis');

redis.describe('several gateways by Redis', () => {
  promises(redisOfTests(redis.path ?? '').open);
});
