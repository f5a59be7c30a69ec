// What the record says of an import of relations: which kind, numbers and the digest of the file, no name.

import type { RelationKind } from './relation-rows.ts';

export function importNote(kind: RelationKind, rows: number, fileDigest: string): string {
  return `${kind}, file sha256 ${fileDigest}: ${rows} rows`;
}
