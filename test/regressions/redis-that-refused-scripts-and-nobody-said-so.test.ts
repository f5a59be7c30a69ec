// A right to run scripts that was taken away from the user of Redis left the stream of changes working: the gateway was ready and
// had nothing to say of it, while nobody could sign in and nobody had a download. What Redis says to a script that it does not run
// is a notice now, with the fix, until it runs one.

import { expect, test } from 'vitest';
import { redisOfTests } from '../support/redis-gateway.ts';
import { requirement } from '../support/requirements.ts';

const redis = requirement('redis');
const ended = 'until Redis does it, downloads and whoever signs in are answered with 503';
const grant = 'grant it by "ACL SETUSER default ~wardgate-test* +@all -@dangerous +info"';
const key = '{somebody}budget';
const script = "return redis.call('HGET', KEYS[1], 'version')";

redis.describe('a script that Redis does not run', () => {
  const all = redisOfTests(redis.path ?? '');

  test.each<[what: string, begin: readonly string[], end: readonly string[], said: string]>([
    ['no right to scripts', ['ACL', 'SETUSER', 'default', '-evalsha'], ['ACL', 'SETUSER', 'default', '+evalsha'], grant],
    ['no right to what is in them', ['ACL', 'SETUSER', 'default', '-hget'], ['ACL', 'SETUSER', 'default', '+hget'], grant],
    [
      'something else under the key',
      ['SET', `wardgate-test${key}`, 'x'],
      ['DEL', `wardgate-test${key}`],
      'holds what is not ours',
    ],
  ])('%s: it is told until it runs one', async (_what, [begin = '', ...beginArgs], [end = '', ...endArgs], said) => {
    const { server } = all;
    const gateway = await all.open();
    const { client } = gateway;
    expect(await client.eval(script, key, [])).toBeNull();
    expect(gateway.notices()).toEqual([]);
    await server.command(begin, ...beginArgs);
    await expect(client.eval(script, key, [])).rejects.toMatchObject({ code: 'session-store-unavailable' });
    expect(gateway.notices()).toEqual([expect.stringContaining(said)]);
    expect(gateway.notices()).toEqual([expect.stringContaining(ended)]);
    await server.command(end, ...endArgs);
    expect(await client.eval(script, key, [])).toBeNull();
    expect(gateway.notices()).toEqual([]);
  });
});
