// The right to read the stream was taken away. Each link to Redis opened, was said to be well, had everything read again and broke at
// its first reading, twenty times a second: the log filled with both sentences, and the page of health mostly did not know why.
// A link is well now once it has carried a heartbeat; until then the pauses grow, and what is wrong stays said.

import { expect, test } from 'vitest';
import { eventually } from '../support/demo-story.ts';
import { current, noticed, redisOfTests } from '../support/redis-gateway.ts';
import { requirement } from '../support/requirements.ts';

const redis = requirement('redis');

redis.describe('a link that opens and carries nothing', () => {
  const all = redisOfTests(redis.path ?? '');

  test('what is wrong is said once in the log, and all the time elsewhere, until it is well', async () => {
    const gateway = await all.open();
    const said = (words: string): number => gateway.log.said.filter(({ message }) => message.includes(words)).length;
    await all.server.command('ACL', 'SETUSER', 'default', '-xread');
    await noticed(gateway, 'grant it by');
    const before = gateway.changes.figures().reconnects;
    const looks: string[] = [];
    await eventually(() => {
      looks.push(gateway.notices().join());
      return gateway.changes.figures().reconnects > before + 3;
    }, 'more links');
    expect(looks.filter((one) => !one.includes('grant it by'))).toEqual([]);
    expect([said('is interrupted'), said('what changed again')]).toEqual([1, 0]);
    await all.server.command('ACL', 'SETUSER', 'default', '+xread');
    await current(gateway);
    expect(gateway.notices()).toEqual([]);
    expect([said('is interrupted'), said('what changed again')]).toEqual([1, 1]);
  });
});
