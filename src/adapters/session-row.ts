// A session as a database row and back. A row that is not a whole session is no session: it is never repaired.

import { z } from 'zod';
import type { Session } from '../core/session/session.ts';
import type { Row, SqlValue, Statement } from './state-db.ts';

/** Fields that may change, with their columns. */
const columns = {
  reference: 'reference',
  subject: 'subject',
  roles: 'roles',
  factor: 'factor',
  createdAt: 'created_at',
  lastActiveAt: 'last_active_at',
  lockedAt: 'locked_at',
  activity: 'activity',
  device: 'device',
  rolesCheckedAt: 'roles_checked_at',
  providerSession: 'provider_session',
  sealedTokens: 'sealed_tokens',
  ehrSessions: 'ehr_sessions',
  emergencyUntil: 'emergency_until',
  from: 'signed_in_from',
  parked: 'parked_on',
  place: 'place',
  version: 'version',
} as const satisfies Record<Exclude<keyof Session, 'key'>, string>;

const text = z.string().max(100_000);
const time = z.int().nonnegative();

const rowShape = z.object({
  key: text.min(1),
  reference: text.min(1),
  subject: text,
  roles: text,
  factor: text,
  created_at: time,
  last_active_at: time,
  locked_at: time.nullable(),
  activity: text,
  device: text.nullable(),
  roles_checked_at: time,
  provider_session: text.nullable(),
  sealed_tokens: text.nullable(),
  ehr_sessions: text,
  emergency_until: time.nullable(),
  signed_in_from: text.nullable(),
  parked_on: text.nullable(),
  place: text.nullable(),
  version: time,
});
const subjectShape = z.object({ issuer: text.min(1), sub: text.min(1), name: text, displayName: text });
const rolesShape = z.array(text);
const ehrSessionsShape = z.array(z.object({ id: text.min(1), patient: text.nullable(), certain: z.boolean() }));
const deviceShape = z.object({ id: text.min(1), kind: z.enum(['shared', 'own']), name: text });
const activityShape = z.object({
  last: z.enum(['sign-in', 'script', 'navigation', 'unlock']),
  pings: time,
  navigations: time,
});
const fromShape = z.object({ address: text, zones: z.array(text) });
const placeShape = z.object({ application: text.min(1), link: text.min(1) });
const factorShape = z.object({
  method: z.enum(['totp', 'passkey', 'recovery-code', 'provider', 'remembered']),
  at: time,
  detail: text.exactOptional(),
  phishingResistant: z.literal(true).exactOptional(),
});

/** The session in a row, or why the row holds none. */
export function readSessionRow(row: Row): { readonly session: Session } | { readonly damaged: string } {
  try {
    const read = rowShape.parse(row);
    const session: Session = {
      key: read.key,
      reference: read.reference,
      subject: subjectShape.parse(JSON.parse(read.subject)),
      roles: rolesShape.parse(JSON.parse(read.roles)),
      factor: factorShape.parse(JSON.parse(read.factor)),
      createdAt: read.created_at,
      lastActiveAt: read.last_active_at,
      lockedAt: read.locked_at,
      activity: activityShape.parse(JSON.parse(read.activity)),
      device: read.device === null ? null : deviceShape.parse(JSON.parse(read.device)),
      rolesCheckedAt: read.roles_checked_at,
      providerSession: read.provider_session,
      sealedTokens: read.sealed_tokens,
      ehrSessions: ehrSessionsShape.parse(JSON.parse(read.ehr_sessions)),
      ...(read.emergency_until === null ? {} : { emergencyUntil: read.emergency_until }),
      ...(read.signed_in_from === null ? {} : { from: fromShape.parse(JSON.parse(read.signed_in_from)) }),
      ...(read.parked_on === null ? {} : { parked: read.parked_on }),
      ...(read.place === null ? {} : { place: placeShape.parse(JSON.parse(read.place)) }),
      version: read.version,
    };
    return { session };
  } catch (cause) {
    return { damaged: cause instanceof Error ? cause.name : 'unreadable' };
  }
}

/** Column names and values of the given fields, in the same order. */
export function sessionColumns(fields: Partial<Omit<Session, 'key'>>): {
  readonly names: readonly string[];
  readonly values: SqlValue[];
} {
  const names: string[] = [];
  const values: SqlValue[] = [];
  for (const [field, column] of Object.entries(columns)) {
    const value = fields[field as keyof typeof columns];
    if (value === undefined) continue;
    names.push(column);
    values.push(typeof value === 'object' && value !== null ? JSON.stringify(value) : value);
  }
  return { names, values };
}

/** Writes a new row. */
export function insertSession(session: Session): Statement {
  const { names, values } = sessionColumns(session);
  const marks = names.map(() => '?').join(', ');
  return {
    sql: `INSERT INTO sessions (key, ${names.join(', ')}) VALUES (?, ${marks})`,
    params: [session.key, ...values],
  };
}
