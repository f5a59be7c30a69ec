// What the EHR's own scripts are told in place of our refusal when a session has ended, so that they end theirs as well.

import type { ExpiredReply } from './recipe.ts';
import { matchesPath } from './target-path.ts';

/** The JSON text for a request to this path, or null where scripts are told as everybody is. */
export function expiredReply(expired: readonly ExpiredReply[], path: string): string | null {
  return expired.find(({ pattern }) => matchesPath(pattern, path))?.json ?? null;
}
