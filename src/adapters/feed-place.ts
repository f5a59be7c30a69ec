// What people are told of a feed's receiver, and what its cursor is named by: the address, without anything secret.

import type { FeedSettings } from '../core/audit/feed/feed-settings.ts';

export function feedPlace(feed: FeedSettings): string {
  return feed.kind === 'fhir' ? feed.url : `tls://${feed.host}:${feed.port}`;
}
