// The one person whom an order names by login name, or why that is not one person. Every order that concerns somebody asks
// here, so that nobody is ever guessed.

import { quote } from '../core/audit/quote.ts';
import { choosePerson } from '../core/people/choose-person.ts';
import type { KnownPerson, PeopleRegister } from '../people-ports.ts';
import { isoTime } from './iso-time.ts';

export interface FindKnownPersonNeeds {
  readonly people: PeopleRegister;
  /** The word that was probably meant. */
  readonly nearest: (word: string, candidates: Iterable<string>) => string | undefined;
}

/** `name` is the login name, or the provider's own name for whoever is known by nothing else. */
export interface NamedPerson extends Omit<KnownPerson, 'name'> {
  readonly name: string;
}

export type FoundKnownPerson =
  { readonly found: 'one'; readonly person: NamedPerson } | { readonly found: 'none' | 'several'; readonly why: string };

/** `asked` is a login name; where nobody has it, the provider's own name for the person (`sub`). */
export async function findKnownPerson({ people, nearest }: FindKnownPersonNeeds, asked: string): Promise<FoundKnownPerson> {
  const all = await people.all();
  const chosen = choosePerson(all, asked);
  const shown = quote(asked, 200);
  if (chosen.chosen === 'none') {
    const near = nearest(
      asked,
      all.flatMap(({ name }) => name ?? []),
    );
    const meant = near === undefined ? '; wardgate user list names everybody' : `, did you mean ${quote(near, 200)}?`;
    return { found: 'none', why: `Nobody who has signed in here is called ${shown}${meant}` };
  }
  if (chosen.chosen === 'several') {
    const each = chosen.people.map((one) => `${quote(one.sub, 200)} of ${one.issuer} (${lastSeen(one)})`);
    const why = `${shown} is ${each.length} people: ${each.join(', ')}; name the one by what stands in quotes`;
    return { found: 'several', why };
  }
  const [person] = chosen.found;
  if (person === undefined) throw new Error('A chosen person is somebody');
  return { found: 'one', person: { ...person, name: person.name ?? person.sub } };
}

function lastSeen({ seenAt }: KnownPerson): string {
  return seenAt === null ? 'not seen since sign-ins are noted' : `last seen ${isoTime(seenAt)}`;
}
