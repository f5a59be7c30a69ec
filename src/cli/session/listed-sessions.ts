// The open sessions, one a line, for a terminal.

import { z } from 'zod';
import { plainText } from '../plain-text.ts';

const shape = z.object({
  sessions: z.array(
    z.object({
      reference: z.string(),
      name: z.string(),
      roles: z.array(z.string()),
      standing: z.string(),
      since: z.string(),
      seen: z.string(),
      running: z.number(),
    }),
  ),
});

/** Throws where the gateway answered something else. */
export function listedSessions(told: unknown): readonly string[] {
  const { sessions } = shape.parse(told);
  if (sessions.length === 0) return ['Nobody is signed in'];
  return sessions.map(({ reference, name, roles, standing, since, seen, running }) =>
    [
      plainText(name).padEnd(24),
      reference,
      standing.padEnd(6),
      `since ${minute(since)}, seen ${minute(seen)}`,
      `${running} under way`,
      plainText(roles.join(', ')),
    ].join('  '),
  );
}

const minute = (iso: string): string => iso.slice(0, 16).replace('T', ' ');
