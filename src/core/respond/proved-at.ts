// When the second factor was last proved in a session, for whoever asks whether that was after an alert.

import type { Session } from '../session/session.ts';

/**
 * A provider that does not say when the person showed the factor leaves nothing but the sign-in itself. One that says so is
 * believed: it may have let them in again without asking.
 */
export function provedAt({ factor, createdAt }: Pick<Session, 'factor' | 'createdAt'>): number {
  return factor.method === 'provider' && factor.at === 0 ? createdAt : factor.at;
}
