// The people who have signed in, in the embedded database: (issuer, sub) with the login name of their last sign-in. Knows
// those too who came before this was kept, by what else is kept of them.

import { z } from 'zod';
import type { Subject } from '../core/session/session.ts';
import type { KnownPerson, PeopleRegister } from '../people-ports.ts';
import type { StateDb, Statement } from './state-db.ts';

const shape = z
  .object({
    issuer: z.string(),
    sub: z.string(),
    login: z.string().nullable(),
    display_name: z.string().nullable(),
    seen_at: z.number().nullable(),
    left_at: z.number().nullable(),
  })
  .transform(({ issuer, sub, login: name, display_name: displayName, seen_at: seenAt, left_at: leftAt }): KnownPerson => ({
    issuer,
    sub,
    name,
    displayName,
    seenAt,
    leftAt,
  }));

const upsert = `INSERT INTO people (issuer, sub, name, display_name, seen_at) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (issuer, sub) DO UPDATE SET name = excluded.name, display_name = excluded.display_name, seen_at = excluded.seen_at`;

const roleUpsert = `INSERT INTO person_roles (issuer, sub, role, granted_at, seen_at) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (issuer, sub, role) DO UPDATE SET seen_at = excluded.seen_at, gone_at = NULL,
  granted_at = CASE WHEN person_roles.gone_at IS NULL THEN person_roles.granted_at ELSE excluded.granted_at END`;

/** Which roles they have since when, and which they came without. */
function roleStatements({ issuer, sub }: Pick<Subject, 'issuer' | 'sub'>, at: number, roles: readonly string[]): Statement[] {
  const gone = `UPDATE person_roles SET gone_at = ? WHERE issuer = ? AND sub = ? AND gone_at IS NULL
    AND role NOT IN (SELECT value FROM json_each(?))`;
  return [
    { sql: gone, params: [at, issuer, sub, JSON.stringify(roles)] },
    ...roles.map((role) => ({ sql: roleUpsert, params: [issuer, sub, role, at, at] })),
  ];
}

/** People at most that a listing holds. */
const mostPeople = 20_000;

const selectAll = `SELECT known.issuer, known.sub, COALESCE(people.name, max(known.name)) AS login, people.display_name, people.seen_at,
  (SELECT min(at) FROM offboarded WHERE offboarded.issuer = known.issuer AND offboarded.sub = known.sub) AS left_at
  FROM (SELECT issuer, sub, name FROM people
    UNION SELECT issuer, sub, name FROM credentials
    UNION SELECT issuer, sub, NULL FROM totp
    UNION SELECT issuer, sub, NULL FROM passkeys) AS known
  LEFT JOIN people ON people.issuer = known.issuer AND people.sub = known.sub
  GROUP BY known.issuer, known.sub, people.name, people.display_name, people.seen_at ORDER BY COALESCE(people.name, max(known.name)) IS NULL, login, known.sub LIMIT ${mostPeople}`;

export class SqlitePeopleRegister implements PeopleRegister {
  readonly #db: StateDb;

  constructor(db: StateDb) {
    this.#db = db;
  }

  async seen({ issuer, sub, name, displayName }: Subject, at: number, roles?: readonly string[]): Promise<void> {
    const seen = { sql: upsert, params: [issuer, sub, name, displayName, at] };
    await this.#db.run('identity', [seen, ...(roles === undefined ? [] : roleStatements({ issuer, sub }, at, roles))]);
  }

  async rolesRead(subject: Pick<Subject, 'issuer' | 'sub'>, at: number, roles: readonly string[]): Promise<void> {
    await this.#db.run('identity', roleStatements(subject, at, roles));
  }

  async all(): Promise<readonly KnownPerson[]> {
    const [result] = await this.#db.run('identity', [{ sql: selectAll, params: [] }]);
    return (result?.rows ?? []).map((row) => shape.parse(row));
  }
}
