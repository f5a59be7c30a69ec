// How openings of charts are explained, as IT set it.

import type { RelationKind } from './relation-rows.ts';

export interface RelationSettings {
  /** Days either way in which an appointment explains an opening. */
  readonly days: number;
  /** Of each kind, our word for a column → what the file calls it; else it is known by its usual names. */
  readonly columns: Readonly<Record<RelationKind, Readonly<Record<string, string>>>>;
}
