// Why somebody opened a chart, as far as schedule, roster and demographics tell: asked by whoever shows openings to a reviewer.

import type { Explanation } from './core/relations/explanation.ts';
import type { RelationKind } from './core/relations/relation-rows.ts';
import type { SeenPerson } from './core/detect/seen.ts';

/** An opening of a chart as its record says it. `time` is epoch milliseconds, `patient` a token. */
export interface AskedOpening {
  readonly time: number;
  readonly person: Pick<SeenPerson, 'issuer' | 'sub' | 'name'>;
  readonly patient: string;
}

export interface Explain {
  /** One answer for each, in order. Null where nothing can be said at present; never rejects and waits at most two seconds. */
  explain(openings: readonly AskedOpening[]): Promise<readonly (Explanation | null)[]>;
}

/** An import that is whole and waits to count. */
export interface StagedRelations {
  readonly kind: RelationKind;
  readonly rows: number;
  /** SHA-256 of the file, hex. */
  readonly fileDigest: string;
}

/** What is in force. Times are epoch milliseconds. */
export interface RelationsState extends StagedRelations {
  readonly importedAt: number;
  readonly importedBy: string;
}

/** Rejects where the store cannot be read. */
export interface RelationImports {
  /** Null where there is none of that number, or not whole. */
  staged(generation: number): Promise<StagedRelations | null>;
  /** From then on it counts, and the one of its kind before does not. False where it is not there any more. */
  takeEffect(generation: number, at: number, by: string): Promise<boolean>;
  /** One of each kind that was ever imported. */
  current(): Promise<readonly RelationsState[]>;
}
