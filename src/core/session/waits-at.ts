// Whether a session waits at a desk for its person: it was left there for somebody else, in no browser any more, and is taken
// up only by the same person on the same device.

import type { Session, Subject } from './session.ts';

export function waitsAt(
  session: Pick<Session, 'subject' | 'parked'>,
  device: { readonly id: string } | null,
  { issuer, sub }: Pick<Subject, 'issuer' | 'sub'>,
): boolean {
  const { subject, parked = null } = session;
  return parked !== null && parked === device?.id && subject.issuer === issuer && subject.sub === sub;
}
