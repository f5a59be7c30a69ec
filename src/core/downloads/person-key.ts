// The key under which a person's budget is kept: the same over all their sessions, and never an e-mail address.

import type { Subject } from '../session/session.ts';

/** An issuer is a URL and holds no space, so two people never share a key. */
export function personKey({ issuer, sub }: Pick<Subject, 'issuer' | 'sub'>): string {
  return `${issuer} ${sub}`;
}
