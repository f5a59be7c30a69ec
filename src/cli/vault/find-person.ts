// Finds the one person whom somebody means by a login name, among those of whom the vault holds something. Never guesses
// between two.

import type { VaultListing } from '../../adapters/vault-file.ts';
import { didYouMean } from '../../config/did-you-mean.ts';
import { plainText } from '../plain-text.ts';

export type FoundPerson =
  /** What is kept for them, imported or not; at least one. */
  | { readonly found: 'one'; readonly listings: readonly VaultListing[] }
  | { readonly found: 'none' | 'several'; readonly why: string };

const mostNamed = 10;

/** `asked` is a login name; where nobody has it, the provider's own name for the person (`sub`). */
export function findPerson(listings: readonly VaultListing[], asked: string): FoundPerson {
  const byName = listings.filter(({ name }) => name === asked);
  const found = byName.length > 0 ? byName : listings.filter(({ sub }) => sub === asked);
  const people = new Map(found.map((one) => [personOf(one, found), one]));
  if (people.size === 1) return { found: 'one', listings: found };
  if (people.size === 0) return { found: 'none', why: nobody(listings, asked) };
  const candidates = [...people.values()].map(({ sub, issuer }) => `"${plainText(sub ?? asked)}" of ${plainText(issuer)}`);
  const why = `"${plainText(asked)}" is ${people.size} people: ${candidates.join(', ')}; write the one in quotes`;
  return { found: 'several', why };
}

/** An import waits for whoever has its login name at its provider: that is the person who has it already. */
function personOf({ issuer, sub, name }: VaultListing, among: readonly VaultListing[]): string {
  const known = sub ?? among.find((one) => one.issuer === issuer && one.name === name && one.sub !== null)?.sub ?? null;
  return JSON.stringify([issuer, known]);
}

function nobody(listings: readonly VaultListing[], asked: string): string {
  const names = [...new Set(listings.flatMap(({ name, sub }) => name ?? sub ?? []))];
  const near = didYouMean(asked, names);
  const shown = names.slice(0, mostNamed).map((name) => `"${plainText(name)}"`);
  const more = names.length > mostNamed ? `, and ${names.length - mostNamed} more` : '';
  const there = names.length === 0 ? 'nothing is stored there' : `there is ${shown.join(', ')}${more}`;
  return `Nothing is stored for "${plainText(asked)}"${near === undefined ? `, ${there}` : `, did you mean "${plainText(near)}"?`}`;
}
