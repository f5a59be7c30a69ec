// One person as the gateway knows them, for a terminal.

import { z } from 'zod';
import { plainText } from '../plain-text.ts';
import { spokenTime } from './spoken-time.ts';

const time = z.string().nullable();
const shape = z.object({
  name: z.string(),
  displayName: z.string().nullable(),
  issuer: z.string(),
  sub: z.string(),
  seenAt: time,
  leftAt: time,
  code: z.object({ addedAt: time }).nullable(),
  passkeys: z.array(z.object({ name: z.string(), addedAt: time, usedAt: time })),
  recoveryCodesLeft: z.number(),
  enrolCodeUntil: time,
  sessions: z.array(
    z.object({ session: z.string(), since: time, lastActiveAt: time, lockedAt: time, roles: z.array(z.string()) }),
  ),
  notices: z.array(z.object({ at: time, kind: z.string(), name: z.string().nullable() })),
});

/** Throws where the gateway answered something else. */
export function shownPerson(told: unknown): readonly string[] {
  const person = shape.parse(told);
  const rows: (readonly [string, string])[] = [
    ['Name', person.displayName === null ? person.name : `${person.name} (${person.displayName})`],
    ['At the provider', `"${person.sub}" of ${person.issuer}`],
    ['Last sign-in', spokenTime(person.seenAt)],
    ...(person.leftAt === null ? [] : [['Has left', `${spokenTime(person.leftAt)}, may not sign in`] as const]),
    ['Code from the phone', person.code === null ? 'none' : `since ${spokenTime(person.code.addedAt)}`],
    ...person.passkeys.map(
      ({ name, addedAt, usedAt }) =>
        ['Passkey', `"${name}", added ${spokenTime(addedAt)}, last used ${spokenTime(usedAt)}`] as const,
    ),
    ['Recovery codes left', String(person.recoveryCodesLeft)],
    ...(person.enrolCodeUntil === null ? [] : [['Enrolment code until', spokenTime(person.enrolCodeUntil)] as const]),
    ...person.sessions.map(
      ({ session, since, lastActiveAt, lockedAt, roles }) =>
        [
          'Session',
          `${session}, since ${spokenTime(since)}, ${lockedAt === null ? `last used ${spokenTime(lastActiveAt)}` : `locked ${spokenTime(lockedAt)}`}, as ${roles.join(', ')}`,
        ] as const,
    ),
    ...person.notices.map(
      ({ at, kind, name }) => ['Not yet seen by them', `${kind}${name === null ? '' : ` "${name}"`}, ${spokenTime(at)}`] as const,
    ),
  ];
  return rows.map(([label, value]) => `${label.padEnd(22)}${plainText(value)}`);
}
