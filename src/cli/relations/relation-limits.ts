// How many rows a file may have.

import type { RelationKind } from '../../core/relations/relation-rows.ts';

/** Of one file: who reads them holds all of them in memory. */
export const mostRelationRows: Readonly<Record<RelationKind, number>> = {
  // While another schedule is read the one of before is still there: 215 MB for twice 500,000, of the thread's 256.
  appointments: 250_000,
  staff: 200_000,
  demographics: 500_000,
  confidential: 100_000,
};
