// What the record says of an import of patients: numbers and the digest of the file, no name.

export interface ImportCounts {
  readonly patients: number;
  readonly new: number;
  readonly changed: number;
  readonly gone: number;
  /** Ids that belong to somebody else than before. */
  readonly moved: number;
}

export function importDetail(fileDigest: string, counts: ImportCounts): string {
  const moved = counts.moved === 0 ? '' : `, ${counts.moved} ids of other people than before`;
  return `file sha256 ${fileDigest}: ${counts.patients} patients, ${counts.new} new, ${counts.changed} changed, ${counts.gone} gone${moved}`;
}
