// What retention must not take away: records that a feed has still to tell.

import type { FeedSettings } from '../core/audit/feed/feed-settings.ts';
import { FeedCursor } from './feed-cursor.ts';
import { feedPlace } from './feed-place.ts';

/**
 * The lowest record that one of the feeds still needs; infinite where none needs any. A feed that has not begun yet needs all of
 * them, and one that begins with what comes needs none.
 */
export function oldestNeededByFeeds(auditDirectory: string, feeds: readonly FeedSettings[]): number {
  const needed = feeds.map((feed) => {
    const place = new FeedCursor(auditDirectory, feedPlace(feed)).read();
    return place?.from ?? (feed.from === 'now' ? Number.POSITIVE_INFINITY : 1);
  });
  return Math.min(...needed);
}
