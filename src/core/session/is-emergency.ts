// Whether a session was opened without the identity provider, and has not shown itself there since.

import type { Session } from './session.ts';

export function isEmergency({ emergencyUntil = null }: Pick<Session, 'emergencyUntil'>): boolean {
  return emergencyUntil !== null;
}
