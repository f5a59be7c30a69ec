// What is not as it should be with what runs beside the requests, for everybody who is told: the console and the health page.

import type { Parts } from './open-parts.ts';

/** Sentences without their full stop. */
export function partNotices({
  tree,
  feeds,
  retention,
  search,
  detectors,
  notify,
  watch,
  state,
  relationFolder,
}: Parts): readonly string[] {
  const parts = [
    tree,
    feeds,
    retention.thread,
    search,
    detectors,
    notify,
    watch,
    state.restrictions,
    state.standing,
    state.sessions,
    relationFolder,
  ];
  return parts.flatMap((part) => part?.notices() ?? []);
}
