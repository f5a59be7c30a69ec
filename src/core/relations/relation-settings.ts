// How openings of charts are explained, as IT set it.

import type { RelationKind } from './relation-rows.ts';

export interface RelationSettings {
  /** Days either way in which an appointment explains an opening. */
  readonly days: number;
  /** Of each kind, our word for a column → what the file calls it; else it is known by its usual names. */
  readonly columns: Readonly<Record<RelationKind, Readonly<Record<string, string>>>>;
  readonly fhir: FhirSettings;
  /** Absolute path of the folder from which files are imported; null where none is watched. */
  readonly folder: string | null;
}

/** By which identifiers a FHIR file is read. */
export interface FhirSettings {
  /** Systems of the identifiers by which the EHR knows patients; empty: those whose type is nobody else's. */
  readonly patient: readonly string[];
  /** System of the identifier that is a login name; null: what stands before the "@" of the mail at work. */
  readonly login: string | null;
}
