// How each application reads what it is sent, for whoever asks the rules by examples.

import type { ReadingOf, ReadingsOf } from './rights-of.ts';

interface Reads {
  readonly parameters: ReadingOf['dialect'];
  readonly targetProfile: ReadingOf['profile'];
}

/** The gateway's own pages, and an application that is no longer there, are read strictly. */
export function readingsOf(applications: ReadonlyMap<string, Reads>): ReadingsOf {
  return (name) => {
    const found = applications.get(name);
    if (found === undefined) return { dialect: 'strict', profile: 'generic' };
    return { dialect: found.parameters, profile: found.targetProfile };
  };
}
