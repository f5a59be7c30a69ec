// Finds the one person whom somebody means by what they typed. Never guesses between two.

/** Anybody who may be meant. `sub` is null for somebody who has not signed in yet. */
export interface Candidate {
  readonly issuer: string;
  readonly sub: string | null;
  readonly name: string | null;
}

export type ChosenPerson<T extends Candidate> =
  /** All that is known of this one person; at least one. */
  | { readonly chosen: 'one'; readonly found: readonly T[] }
  | { readonly chosen: 'none' }
  /** One of each of the people. */
  | { readonly chosen: 'several'; readonly people: readonly T[] };

/** `asked` is a login name; where nobody has it, the provider's own name for the person (`sub`). */
export function choosePerson<T extends Candidate>(candidates: readonly T[], asked: string): ChosenPerson<T> {
  const byName = candidates.filter(({ name }) => name === asked);
  const found = byName.length > 0 ? byName : candidates.filter(({ sub }) => sub === asked);
  const people = new Map(found.map((one) => [personOf(one, found), one]));
  if (people.size === 0) return { chosen: 'none' };
  return people.size === 1 ? { chosen: 'one', found } : { chosen: 'several', people: [...people.values()] };
}

/** Whoever has only a name is the person at that provider who has it already. */
function personOf({ issuer, sub, name }: Candidate, among: readonly Candidate[]): string {
  const known = sub ?? among.find((one) => one.issuer === issuer && one.name === name && one.sub !== null)?.sub ?? null;
  return JSON.stringify([issuer, known]);
}
