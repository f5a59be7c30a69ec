// `user show`: what the gateway holds of one person. No secret is among it.

import type { Order } from '../control-ports.ts';
import type { FactorStore } from '../identity-ports.ts';
import type { PasskeyStore } from '../passkey-ports.ts';
import type { EnrolCodes, FactorNotices } from '../people-ports.ts';
import type { Clock } from '../ports.ts';
import type { SessionStore } from '../session-ports.ts';
import type { FindKnownPersonNeeds, NamedPerson } from './find-known-person.ts';
import { isoTime } from './iso-time.ts';
import { personOrder } from './person-order.ts';

export interface ShowPersonNeeds extends FindKnownPersonNeeds {
  readonly clock: Clock;
  readonly factors: Pick<FactorStore, 'totp' | 'recoveryCodesLeft'>;
  readonly passkeys: Pick<PasskeyStore, 'list'>;
  readonly sessions: Pick<SessionStore, 'ofSubject'>;
  readonly enrolCodes: Pick<EnrolCodes, 'openUntil'>;
  readonly factorNotices: Pick<FactorNotices, 'of'>;
}

export function showPerson(needs: ShowPersonNeeds): Order {
  return personOrder(needs, {
    name: 'user show',
    needsReason: false,
    carryOut: async (person) => ({ done: true, told: await describe(needs, person) }),
  });
}

async function describe(needs: ShowPersonNeeds, { issuer, sub, name, displayName, seenAt, leftAt }: NamedPerson) {
  const [code, passkeys, recoveryCodesLeft, sessions, notices, enrolCodeUntil] = await Promise.all([
    needs.factors.totp(issuer, sub),
    needs.passkeys.list(issuer, sub),
    needs.factors.recoveryCodesLeft(issuer, sub),
    needs.sessions.ofSubject(issuer, sub),
    needs.factorNotices.of({ issuer, sub }),
    needs.enrolCodes.openUntil(issuer, name, needs.clock.now()),
  ]);
  return {
    name,
    displayName,
    issuer,
    sub,
    seenAt: isoTime(seenAt),
    leftAt: isoTime(leftAt),
    code: code === null ? null : { addedAt: isoTime(code.enrolledAt) },
    passkeys: passkeys.map((one) => ({ name: one.name, addedAt: isoTime(one.addedAt), usedAt: isoTime(one.usedAt) })),
    recoveryCodesLeft,
    enrolCodeUntil: isoTime(enrolCodeUntil),
    sessions: sessions.map((one) => ({
      session: one.reference,
      since: isoTime(one.createdAt),
      lastActiveAt: isoTime(one.lastActiveAt),
      lockedAt: isoTime(one.lockedAt),
      roles: one.roles,
      factor: one.factor.method,
    })),
    notices: notices.map(({ at, change }) => ({ at: isoTime(at), ...change })),
  };
}
