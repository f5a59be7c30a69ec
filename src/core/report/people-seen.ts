// Who is on record: everybody who ever signed in, with the roles they came with last.

/** Sign-ins that were counted together. */
export interface CountedSignIns {
  readonly person: string | null;
  readonly roles: string | null;
  readonly count: number;
  /** Of the first and the last, epoch milliseconds. */
  readonly since: number;
  readonly until: number;
  /** Number of the last record. */
  readonly last: number;
}

export type PersonSeen = {
  readonly person: string;
  readonly roles: string | null;
  readonly firstSignIn: number;
  readonly lastSignIn: number;
  /** In the period. */
  readonly signIns: number;
  readonly accesses: number;
  readonly isNew: boolean;
  /** Since when they may not come in any more; null where they may. */
  readonly left: number | null;
  readonly record: number;
};

export interface PeopleCounted {
  /** From the beginning of the record to the end of the period, by person and roles. */
  readonly ever: readonly CountedSignIns[];
  /** In the period, by person. */
  readonly signIns: ReadonlyMap<string, number>;
  readonly accesses: ReadonlyMap<string, number>;
  /** Person → when they left, of those who were not let in again. */
  readonly left: ReadonlyMap<string, number>;
  /** Beginning of the period. */
  readonly since: number;
}

/** By name. */
export function peopleSeen({ ever, signIns, accesses, left, since }: PeopleCounted): readonly PersonSeen[] {
  const people = Map.groupBy(ever.filter(isNamed), ({ person }) => person);
  const rows = [...people].map(([person, all]) => {
    const newest = all.reduce((a, b) => (b.until > a.until ? b : a));
    const firstSignIn = Math.min(...all.map((one) => one.since));
    return {
      person,
      roles: newest.roles,
      firstSignIn,
      lastSignIn: newest.until,
      signIns: signIns.get(person) ?? 0,
      accesses: accesses.get(person) ?? 0,
      isNew: firstSignIn >= since,
      left: left.get(person) ?? null,
      record: newest.last,
    };
  });
  return rows.sort((a, b) => a.person.localeCompare(b.person, 'en'));
}

function isNamed(one: CountedSignIns): one is CountedSignIns & { readonly person: string } {
  return one.person !== null;
}
