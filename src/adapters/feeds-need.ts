// What retention must not take away: records that somebody has still to be told, by a feed of the record or as alerts.

import type { FeedSettings } from '../core/audit/feed/feed-settings.ts';
import type { NotifySettings } from '../core/notify/notify-settings.ts';
import { FeedCursor } from './feed-cursor.ts';
import { feedPlace } from './feed-place.ts';
import { notifyCursorName } from './notify-place.ts';

/**
 * The lowest record that one of them still needs; infinite where none needs any. A feed that has not begun yet needs all of
 * them, and one that begins with what comes needs none, as do receivers of alerts.
 */
export function oldestNeededByFeeds(
  auditDirectory: string,
  feeds: readonly FeedSettings[],
  receivers: readonly NotifySettings[],
): number {
  const neededBy = (where: string, before: number): number => new FeedCursor(auditDirectory, where).read()?.from ?? before;
  return Math.min(
    ...feeds.map((feed) => neededBy(feedPlace(feed), feed.from === 'now' ? Number.POSITIVE_INFINITY : 1)),
    ...receivers.map((one) => neededBy(notifyCursorName(one), Number.POSITIVE_INFINITY)),
  );
}
