// What a reader of one kind of relations is given, and what it does with the resources of a file.

import type { WallTime } from '../../../core/relations/wall-time.ts';
import type { FhirSettings } from '../../../core/relations/relation-settings.ts';
import type { RelationLine, RelationRow } from '../relation-row.ts';
import type { FhirEntry } from './fhir-entries.ts';

export interface FhirNeeds extends Pick<RelationLine, 'tokenOf' | 'hide'> {
  readonly fhir: FhirSettings;
  /** A FHIR dateTime or instant, on the clinic's clock; null where it is none. */
  readonly localOf: (time: string) => WallTime | null;
  /** A day on the clinic's clock. */
  readonly today: string;
  readonly row: (row: RelationRow) => void;
  readonly leave: (why: string, where: string) => void;
}

export interface FhirReader {
  /** Types of resources that it uses; at least one of `main` must be in the file. */
  readonly main: readonly string[];
  readonly also: readonly string[];
  readonly take: (entry: FhirEntry) => void;
  /** Behind the last of them: what could not be known before. */
  readonly end: () => void;
}
