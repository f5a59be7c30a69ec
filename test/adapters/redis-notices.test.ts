// What is said of the Redis that gateways share: nothing where all is well, else what is wrong and whom it affects.

import { expect, test } from 'vitest';
import { redisNotices } from '../../src/adapters/redis-notices.ts';
import type { RedisStanding } from '../../src/adapters/redis-notices.ts';
import type { RedisSettings } from '../../src/core/store/store-settings.ts';
import { plainRedis } from '../support/redis-server.ts';

const well: RedisStanding = {
  trouble: null,
  replicas: 2,
  skewMilliseconds: 0,
  isCurrent: true,
  unconfirmed: 0,
  unconfirmedMilliseconds: 0,
};
const watched: RedisSettings = { ...plainRedis, kind: 'sentinel', sentinelName: 'clinic', replicas: 1 };

test.each<[string, RedisSettings, Partial<RedisStanding>, string | null]>([
  ['one server alone', plainRedis, { replicas: 0 }, null],
  ['two replicas, one of which confirms', watched, {}, null],
  ['a clock that is 2 s ahead', watched, { skewMilliseconds: 2000 }, null],
  ['a clock that is further ahead', watched, { skewMilliseconds: 3100 }, 'is 3 s ahead of the one of Redis'],
  ['a clock that is behind', watched, { skewMilliseconds: -2501 }, 'is 3 s behind the one of Redis'],
  ['a clock that was not compared', watched, { skewMilliseconds: null }, null],
  ['a link that is interrupted', watched, { trouble: 'It is gone', isCurrent: false }, 'It is gone; until then this gateway'],
  ['heartbeats that do not count', watched, { isCurrent: false }, 'has not heard from the others for a second'],
  ['changes that wait a moment', watched, { unconfirmed: 3, unconfirmedMilliseconds: 4999 }, null],
  ['changes that wait for long', watched, { unconfirmed: 3, unconfirmedMilliseconds: 5000 }, 'not confirmed 3 changes for 5 s'],
  ['replicas that nobody asks', { ...watched, replicas: 0 }, {}, 'No replica has to confirm'],
  ['replicas that are missing', watched, { replicas: 0 }, 'Redis has 0 replicas and 1 must confirm'],
  ['three replicas, one of which confirms', watched, { replicas: 3 }, 'only 1 must confirm; ask for 2'],
  ['four replicas, two of which confirm', { ...watched, replicas: 2 }, { replicas: 4 }, null],
])('%s', (_name, settings, standing, expected) => {
  const said = redisNotices(settings, { ...well, ...standing });
  expect(said.length).toBe(expected === null ? 0 : 1);
  expect(said[0] ?? '').toContain(expected ?? '');
  expect(said.filter((one) => one.endsWith('.'))).toEqual([]);
});
