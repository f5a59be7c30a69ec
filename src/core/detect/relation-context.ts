// What detectors are told beside a record: schedule and roster as far as they were imported, and the explanation of an opening.

import type { Explanation } from '../relations/explanation.ts';
import type { Relations } from '../relations/relations.ts';

export interface RelationContext {
  /** Null where nothing was imported. */
  readonly relations: Relations | null;
  /** Of an opening of a chart by a person; null for any other record, and where nothing was imported. */
  readonly explanation: Explanation | null;
}
