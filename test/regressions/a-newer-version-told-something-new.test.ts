// Gateways of two versions share a stream. What a newer one told under a topic of its own was taken by the older one as if nothing
// had changed, though the newer one may have split a topic that the older one follows: an end of a session went unheard.

import { expect, test } from 'vitest';
import { eventually } from '../support/demo-story.ts';
import { current, redisOfTests } from '../support/redis-gateway.ts';
import { requirement } from '../support/requirements.ts';

const redis = requirement('redis');

redis.describe('what a newer version tells', () => {
  const at = redisOfTests(redis.path ?? '');
  const newer = ['f', '1', 'k', 'told', 'g', 'newer', 't', 'sessions-revoked', 'e', '["x"]'];
  const write = async (...fields: readonly string[]) => at.server.command('XADD', 'wardgate-test{changes}', '*', ...fields);

  test('has everything read again, unless it says that it may be passed over', async () => {
    const [gateway] = await at.two();
    await write(...newer, 'u', 'pass');
    expect(await gateway.changes.caughtUp()).toBe(true);
    expect(gateway.heard).toEqual(['everything']);
    await write(...newer);
    await eventually(() => gateway.heard.length > 1, 'everything to be read again');
    expect(gateway.heard).toEqual(['everything', 'everything']);
    await current(gateway);
  });
});
