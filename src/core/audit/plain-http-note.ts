// What the record says, at every start, of EHRs that are reached without encryption: the reason that
// IT wrote down stands beside the access it allowed.

interface Plain {
  readonly name: string;
  readonly plainHttpBecause?: string | null;
}

/** `; "pacs" by http: because "isolated server VLAN"`; '' where everything is encrypted. */
export function plainHttpNote(applications: Iterable<Plain>): string {
  return [...applications]
    .flatMap(({ name, plainHttpBecause = null }) =>
      plainHttpBecause === null ? [] : [`; "${name}" by http: because "${plainHttpBecause}"`],
    )
    .join('');
}
