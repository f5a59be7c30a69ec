// Of which kind an access is that a review draws from. One access is of one kind: what is rarer comes first.

import type { AccessKind } from './review.ts';

export interface AccessFacts {
  readonly event: string;
  readonly decision: string | null;
  readonly download: string | null;
}

/** Null for what is no access of this sort. */
export function accessKind({ event, decision, download }: AccessFacts, isOpen: boolean): AccessKind | null {
  if (event === 'break-glass') return 'emergency';
  if (decision === 'refused') return 'denied';
  if (download !== null) return 'download';
  if (event !== 'chart-opened') return null;
  return isOpen ? 'chart' : 'after-hours';
}
