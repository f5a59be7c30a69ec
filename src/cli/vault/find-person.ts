// Finds the one person whom somebody means by a login name, among those of whom the vault holds something.

import type { VaultListing } from '../../adapters/vault-file.ts';
import { didYouMean } from '../../config/did-you-mean.ts';
import { choosePerson } from '../../core/people/choose-person.ts';
import { plainText } from '../plain-text.ts';

export type FoundPerson =
  /** What is kept for them, imported or not; at least one. */
  | { readonly found: 'one'; readonly listings: readonly VaultListing[] }
  | { readonly found: 'none' | 'several'; readonly why: string };

const mostNamed = 10;

/** `asked` is a login name; where nobody has it, the provider's own name for the person (`sub`). */
export function findPerson(listings: readonly VaultListing[], asked: string): FoundPerson {
  const found = choosePerson(listings, asked);
  if (found.chosen === 'one') return { found: 'one', listings: found.found };
  if (found.chosen === 'none') return { found: 'none', why: nobody(listings, asked) };
  const candidates = found.people.map(({ sub, issuer }) => `"${plainText(sub ?? asked)}" of ${plainText(issuer)}`);
  const why = `"${plainText(asked)}" is ${found.people.length} people: ${candidates.join(', ')}; write the one in quotes`;
  return { found: 'several', why };
}

function nobody(listings: readonly VaultListing[], asked: string): string {
  const names = [...new Set(listings.flatMap(({ name, sub }) => name ?? sub ?? []))];
  const near = didYouMean(asked, names);
  const shown = names.slice(0, mostNamed).map((name) => `"${plainText(name)}"`);
  const more = names.length > mostNamed ? `, and ${names.length - mostNamed} more` : '';
  const there = names.length === 0 ? 'nothing is stored there' : `there is ${shown.join(', ')}${more}`;
  return `Nothing is stored for "${plainText(asked)}"${near === undefined ? `, ${there}` : `, did you mean "${plainText(near)}"?`}`;
}
