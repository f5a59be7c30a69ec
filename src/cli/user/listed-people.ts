// The people of the gateway, one a line, for a terminal.

import { z } from 'zod';
import { plainText } from '../plain-text.ts';
import { spokenTime } from './spoken-time.ts';

const shape = z.object({
  people: z.array(
    z.object({
      sub: z.string(),
      name: z.string().nullable(),
      displayName: z.string().nullable(),
      seenAt: z.string().nullable(),
      leftAt: z.string().nullable(),
    }),
  ),
});

/** Throws where the gateway answered something else. */
export function listedPeople(told: unknown): readonly string[] {
  const { people } = shape.parse(told);
  if (people.length === 0) return ['Nobody has signed in yet'];
  return people.map(({ sub, name, displayName, seenAt, leftAt }) => {
    const seen = seenAt === null ? 'not since sign-ins are noted' : spokenTime(seenAt);
    const left = leftAt === null ? '' : `  left ${spokenTime(leftAt)}`;
    return `${plainText(name ?? `(${sub})`).padEnd(24)}  ${plainText(displayName ?? '').padEnd(28)}  ${seen}${left}`;
  });
}
