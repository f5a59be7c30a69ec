// Alerts are told from the record, but retention asked the feeds of the record alone how far they were: a receiver of alerts that
// was away for longer than records are kept lost what it had still to be told. It is asked like a feed now.

import { afterAll, expect, it } from 'vitest';
import { FeedCursor } from '../../src/adapters/feed-cursor.ts';
import { oldestNeededByFeeds } from '../../src/adapters/feeds-need.ts';
import { notifyCursorName } from '../../src/adapters/notify-place.ts';
import type { NotifySettings } from '../../src/core/notify/notify-settings.ts';
import { oldLog } from '../support/audit-retention.ts';
import { removeAuditDirectories } from '../support/audit-log.ts';

const url = 'https://127.0.0.1:9/hook';
const hook: NotifySettings = {
  kind: 'webhook',
  url,
  as: 'json',
  authorization: null,
  trustFile: null,
  detectors: null,
  budget: 9,
};

afterAll(removeAuditDirectories);

it('keeps what a receiver of alerts has still to be told, and lets it go once it was', async () => {
  const log = await oldLog(12);
  const cursor = new FeedCursor(log.directory, notifyCursorName(hook));
  // One that has not begun wants what comes and nothing of before.
  expect(oldestNeededByFeeds(log.directory, [], [hook])).toBe(Infinity);
  cursor.write({ sequence: 9, hash: 'f'.repeat(64), from: 2, taken: 0 });
  expect(oldestNeededByFeeds(log.directory, [], [hook])).toBe(2);
  expect(await log.look(5, log.desk, [hook])).toMatchObject({ pruned: 0, kept: { because: 'feed' } });
  cursor.write({ sequence: 1000, hash: 'f'.repeat(64), from: 1001, taken: 0 });
  const status = await log.look(5, log.desk, [hook]);
  expect(status?.pruned).toBeGreaterThan(2);
  cursor.close();
  await log.run.close();
});
