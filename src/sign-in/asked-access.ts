// What a person was refused, as it travels through the form with which they ask for it: sealed, so that nobody asks for what
// they were never refused, and bound to their session. The form is believed in nothing but the sentence they type.

import type { AskedAccess } from '../core/policy/asked-access.ts';
import type { Sealer, Session } from '../ports.ts';
import { personKey } from './person-key.ts';

/** A page stays open for a while before somebody asks, milliseconds. */
const lifetimeMilliseconds = 3_600_000;
const longestSealed = 4096;

export function sealAsked(sealer: Sealer, session: Session, asked: AskedAccess): string {
  return sealer.seal('asked access', ownerOf(session), JSON.stringify(asked));
}

/** Null where it was not sealed here for this session, or too long ago. */
export function openAsked(sealer: Sealer, session: Session, sealed: string, now: number): AskedAccess | null {
  if (sealed.length > longestSealed) return null;
  let asked: AskedAccess;
  try {
    asked = JSON.parse(sealer.open('asked access', ownerOf(session), sealed)) as AskedAccess;
  } catch {
    return null;
  }
  const age = now - asked.at;
  return age >= -lifetimeMilliseconds && age <= lifetimeMilliseconds ? asked : null;
}

function ownerOf({ subject, reference }: Session): string {
  return `${reference} ${personKey(subject)}`;
}
