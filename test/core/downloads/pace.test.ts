// One person's bandwidth, shared by all their streams.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fullBucket, giveBack, take } from '../../../src/core/downloads/pace.ts';

test.each([
  [1000, 0],
  [1001, 1],
  [3000, 2000],
])('%d bytes at 1,000 a second wait %d ms', (bytes, wait) => {
  expect(take(fullBucket, 1000, 5000, bytes).waitMilliseconds).toBe(wait);
});

test('the second stream waits behind the first, and time pays the debt', () => {
  const first = take(fullBucket, 1000, 0, 2000);
  expect(take(first.bucket, 1000, 0, 500).waitMilliseconds).toBe(1500);
  expect(take(first.bucket, 1000, 1000, 500).waitMilliseconds).toBe(500);
  expect(take(first.bucket, 1000, 60_000, 1000).waitMilliseconds).toBe(0);
});

test('time that runs backwards pays nothing', () => {
  const { bucket } = take(fullBucket, 1000, 1000, 1000);
  expect(take(bucket, 1000, 0, 100).waitMilliseconds).toBe(100);
  expect(take(bucket, 1000, 0, 100).bucket.at).toBe(1000);
});

test('what was never sent is given back, up to a full bucket', () => {
  const { bucket } = take(fullBucket, 1000, 0, 3000);
  expect(take(giveBack(bucket, 1000, 2000), 1000, 0, 500).waitMilliseconds).toBe(500);
  expect(giveBack(bucket, 1000, 1e9).tokens).toBe(1000);
});

test('however streams interleave, no span of time sees more than its rate and one burst', () => {
  const chunk = fc.tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 5000 }));
  fc.assert(
    fc.property(fc.array(chunk, { maxLength: 100 }), (chunks) => {
      let bucket = fullBucket;
      let now = 0;
      let sum = 0;
      for (const [after, bytes] of chunks) {
        now += after;
        const taken = take(bucket, 1000, now, bytes);
        ({ bucket } = taken);
        sum += bytes;
        const sentAt = now + taken.waitMilliseconds;
        expect(sum).toBeLessThanOrEqual(1000 + sentAt + 1);
      }
    }),
  );
});
