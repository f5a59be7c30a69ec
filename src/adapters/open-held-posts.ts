// Held posts, as one gateway has them alone or several in common.

import type { SharedParts } from '../shared-ports.ts';
import { SharedHeldPosts } from './held-posts-shared.ts';
import { SqliteHeldPosts } from './held-posts-sqlite.ts';
import type { HeldPostsOptions } from './held-posts-sqlite.ts';
import { oneGateway } from './one-gateway.ts';

/** Rejects with Fault `session-store-unavailable`. */
export async function openHeldPosts(options: HeldPostsOptions, shared: SharedParts): Promise<SqliteHeldPosts | SharedHeldPosts> {
  if (shared.changes === oneGateway.changes) return SqliteHeldPosts.open(options);
  return new SharedHeldPosts(await SqliteHeldPosts.open({ ...options, isShared: true }), shared, options.log);
}
