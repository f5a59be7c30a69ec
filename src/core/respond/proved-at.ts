// When the second factor was last proved in a session, for whoever asks whether that was after an alert.

import type { Session } from '../session/session.ts';

/** A new sign-in with the provider's factor is a proof of then, also where the provider does not say when it was. */
export function provedAt({ factor, createdAt }: Pick<Session, 'factor' | 'createdAt'>): number {
  return factor.method === 'provider' ? Math.max(factor.at, createdAt) : factor.at;
}
