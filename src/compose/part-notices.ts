// What is not as it should be with what runs beside the requests, for everybody who is told: the console and the health page.

import type { Parts } from './open-parts.ts';

/** Sentences without their full stop. */
export function partNotices({ tree, feeds, retention, search, detectors, watch, state }: Parts): readonly string[] {
  return [tree, feeds, retention.thread, search, detectors, watch, state.restrictions].flatMap((part) => part.notices());
}
