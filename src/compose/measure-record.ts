// Figures of the access record for metrics: its tree, its anchors, and the feeds that send it on.

import type { FeedStatus } from '../adapters/audit-feed.ts';
import type { Parts } from './open-parts.ts';

export function measureRecord(parts: Pick<Parts, 'metrics' | 'tree' | 'feeds' | 'search'>): void {
  measureTree(parts);
  measureFeeds(parts);
}

function measureTree({ metrics, tree }: Pick<Parts, 'metrics' | 'tree'>): void {
  metrics.gauge('wardgate_audit_tree_records', 'Records under the last checkpoint', () => tree.size);
  metrics.gauge('wardgate_audit_tree_failures', 'Looks at the log in which the tree could not go on', () => tree.failures);
  metrics.gauge('wardgate_audit_anchor_age_seconds', 'Since a checkpoint reached an anchor', () => tree.anchorAgeSeconds);
  const ages = () => tree.anchors.map(({ where, at }): [string, number] => [where, at === null ? 0 : at / 1000]);
  metrics.gauges('wardgate_audit_anchored_at_seconds', 'When a checkpoint reached each anchor last, 0 for never', 'anchor', ages);
  const failing = () => tree.anchors.map(({ where, failure }): [string, number] => [where, failure === null ? 0 : 1]);
  metrics.gauges('wardgate_audit_anchor_failing', 'Whether each anchor refused the last checkpoint', 'anchor', failing);
}

function measureFeeds({ metrics, feeds, search }: Pick<Parts, 'metrics' | 'feeds' | 'search'>): void {
  metrics.gauge(
    'wardgate_audit_index_behind_records',
    'Records of this gateway that a search does not find yet',
    () => search.behind,
  );
  const of = (read: (status: FeedStatus) => number) => () => feeds.status.map((one): [string, number] => [one.where, read(one)]);
  const gauges: typeof metrics.gauges = (...told) => metrics.gauges(...told);
  gauges(
    'wardgate_audit_feed_behind_records',
    'Records that each feed has still to tell',
    'feed',
    of(({ behind }) => behind),
  );
  const lag = of((one) => feeds.lagSeconds(one));
  gauges('wardgate_audit_feed_lag_seconds', 'Since the oldest of them was written', 'feed', lag);
  gauges(
    'wardgate_audit_feed_failing',
    'Whether the last try failed',
    'feed',
    of(({ failure }) => (failure === null ? 0 : 1)),
  );
  gauges(
    'wardgate_audit_feed_refused',
    'Messages refused for good since the start',
    'feed',
    of(({ refused }) => refused),
  );
}
