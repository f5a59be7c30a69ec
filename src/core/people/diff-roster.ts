// Compares the people whom the gateway knows with HR's list: who is to be ended, who is not known yet, who is back. Decides
// nothing about a name that is two people, and nothing at all where a list that was cut short would end too many.

export interface RosterRow {
  /** Login name. */
  readonly login: string;
  readonly name: string;
  /** Their last day, `YYYY-MM-DD`; null where none is set. */
  readonly ends: string | null;
}

export interface RosterPerson {
  readonly name: string | null;
  readonly displayName: string | null;
  readonly sub: string;
  readonly seenAt: string | null;
  readonly leftAt: string | null;
}

export type Going = RosterPerson & { readonly why: 'not on the list' | 'past the end date' };

export interface RosterDiff {
  readonly gone: readonly Going[];
  /** On the list and never here. */
  readonly unknown: readonly RosterRow[];
  /** On the list, and their access here has ended. */
  readonly back: readonly RosterPerson[];
  /** Login names that are more than one person here, so that nothing is done about them. */
  readonly several: readonly string[];
  /** People who have access now. */
  readonly present: number;
}

/** `today` is the clinic's day. Login names are compared without case, as HR's systems write them. */
export function diffRoster(people: readonly RosterPerson[], rows: readonly RosterRow[], today: string): RosterDiff {
  const key = (text: string): string => text.toLowerCase();
  const listed = new Map(rows.map((row) => [key(row.login), row]));
  const named = new Map<string, number>();
  const present = people.filter(({ leftAt }) => leftAt === null);
  for (const { name } of present) if (name !== null) named.set(key(name), (named.get(key(name)) ?? 0) + 1);
  const several = [...named].filter(([, count]) => count > 1).map(([name]) => name);
  const known = new Set(people.flatMap(({ name }) => (name === null ? [] : [key(name)])));
  const gone = present.flatMap((one): Going[] => {
    // Whoever is known without a login name cannot be held against a list of them.
    if (one.name === null || several.includes(key(one.name))) return [];
    const row = listed.get(key(one.name));
    if (row === undefined) return [{ ...one, why: 'not on the list' }];
    return isOver(row, today) ? [{ ...one, why: 'past the end date' }] : [];
  });
  const here = (row: RosterRow | undefined): boolean => row !== undefined && !isOver(row, today);
  const back = people.filter(
    ({ name, leftAt }) => name !== null && leftAt !== null && !named.has(key(name)) && here(listed.get(key(name))),
  );
  const unknown = rows.filter((row) => !known.has(key(row.login)) && !isOver(row, today));
  return { gone, unknown, back, several, present: present.length };
}

/** The end date is a day on which they still work. */
function isOver({ ends }: RosterRow, today: string): boolean {
  return ends !== null && ends < today;
}

/** Whether so many of those who have access would go that the list is more likely cut short. `share` is per cent. */
export function tooMany({ gone, present }: RosterDiff, share: number): boolean {
  return gone.length * 100 > present * share;
}
