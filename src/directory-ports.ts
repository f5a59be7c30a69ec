// The directory of patients that IT imports: who stands behind the ids that an EHR writes into its addresses. It joins the
// ids of one person, and it is where a name can be searched for. Nothing in it decides about access.

import type { PatientIdKind } from './core/patients/patient-id-kinds.ts';

export interface DirectoryId {
  readonly kind: PatientIdKind;
  readonly id: string;
  /** True where an earlier directory had it and the present one does not; records may still hold it. */
  readonly former?: true;
}

export interface DirectoryPatient {
  readonly name: string;
  /** ISO 8601, or null where the export has none. */
  readonly birthDate: string | null;
  /** At least one. */
  readonly ids: readonly DirectoryId[];
}

/** One person as the directory knows them. */
export interface KnownPatient extends DirectoryPatient {
  /** Of each id, in the order of `ids`. */
  readonly tokens: readonly string[];
  /** When a directory without them was imported, epoch milliseconds; null while they stand in it. */
  readonly goneAt: number | null;
}

export interface NamedPatients {
  readonly patients: readonly KnownPatient[];
  /** True where more people have that name than were asked for. */
  readonly more: boolean;
}

/** What somebody means who types an id, a token or a name. */
export type FoundPatient =
  /** `patient` is null where the directory does not know that id; the record may. `tokens` is never empty. */
  | { readonly found: 'one'; readonly tokens: readonly string[]; readonly patient: KnownPatient | null }
  | ({ readonly found: 'several' } & NamedPatients);

/** What is said of the directory without anybody in it. */
export interface DirectoryState {
  /** In the file, and of earlier files. */
  readonly patients: number;
  readonly gone: number;
  readonly importedAt: number;
  /** Account of the operating system, as the command told it. */
  readonly importedBy: string;
  /** SHA-256 of the file, hex. */
  readonly fileDigest: string;
}

/** Rejects where the store cannot be read. */
export interface PatientSearch {
  /** Who stands behind tokens: token → patient; a token that the directory does not know is left out. */
  behind(tokens: readonly string[]): Promise<ReadonlyMap<string, KnownPatient>>;
  /** Those whose name has every part of this text, at most `most`; none where the text has no letter. */
  named(text: string, most: number): Promise<NamedPatients>;
  /** An id or token that is known is itself; else it is a name, and people who share it are told apart by who asked. */
  find(text: string, most: number): Promise<FoundPatient>;
  /** Null where nothing was imported. */
  state(): Promise<DirectoryState | null>;
}

/** An import that is copied and waits to count. */
export interface StagedImport {
  readonly fileDigest: string;
  readonly patients: number;
  readonly gone: number;
}

export interface PatientImports {
  /** Null where there is none of that number, or not whole. */
  staged(generation: number): Promise<StagedImport | null>;
  /** From then on it is the directory; `at` is epoch milliseconds. False, and nothing changes, where the one it was compared with is not the directory any more. */
  takeEffect(generation: number, at: number, by: string): Promise<boolean>;
}
