// The tables that gateways share of their records: one row a request as in the index beside each log, and the lines of the last
// weeks for the detectors. All of it is made from the logs, and can be made again.

import { Client } from 'pg';
import type { ClientConfig } from 'pg';
import { beginForms, upgradeForm, writtenForms } from './postgres-form.ts';
import type { Form } from './postgres-form.ts';

/**
 * `audit_gateways`: which number a log has for good, and how far its rows are, in the same transaction as they. `durable` is how
 * far the log itself was when its gateway looked last.
 */
const tables = `
  CREATE TABLE audit_gateways (
    number BIGINT PRIMARY KEY, log TEXT NOT NULL UNIQUE, added_at BIGINT NOT NULL, sequence BIGINT NOT NULL DEFAULT 0,
    hash TEXT NOT NULL DEFAULT '', durable BIGINT NOT NULL DEFAULT 0, looked_at BIGINT NOT NULL DEFAULT 0);
  CREATE TABLE audit_people (issuer TEXT NOT NULL, sub TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (issuer, sub, name));
  CREATE INDEX audit_people_by_name ON audit_people (name);
  CREATE TABLE audit_requests (
    sequence BIGINT PRIMARY KEY, outcome BIGINT, gateway BIGINT NOT NULL, time BIGINT NOT NULL, event TEXT NOT NULL, request TEXT,
    issuer TEXT, sub TEXT, name TEXT, session TEXT, address TEXT, application TEXT, method TEXT, target TEXT, patient TEXT,
    category TEXT, action TEXT, rule TEXT, decision TEXT, reason TEXT, status BIGINT, bytes_out BIGINT, grant_id TEXT, detail TEXT,
    roles TEXT, factor TEXT, device TEXT, patient_source TEXT, bytes_in BIGINT, duration BIGINT, download TEXT, pace TEXT);
  CREATE INDEX audit_requests_by_time ON audit_requests (time, sequence);
  CREATE INDEX audit_requests_by_name ON audit_requests (name, time, sequence) WHERE name IS NOT NULL;
  CREATE INDEX audit_requests_by_person ON audit_requests (issuer, sub, time) WHERE name IS NOT NULL;
  CREATE INDEX audit_requests_by_patient ON audit_requests (patient, time, sequence) WHERE patient IS NOT NULL;
  CREATE INDEX audit_requests_by_rule ON audit_requests (rule, time, sequence) WHERE rule IS NOT NULL;
  CREATE INDEX audit_requests_by_address ON audit_requests (address, time, sequence) WHERE address IS NOT NULL;
  CREATE INDEX audit_requests_by_event ON audit_requests (event, time, sequence);
  CREATE INDEX audit_requests_by_grant ON audit_requests (time, sequence) WHERE grant_id IS NOT NULL;
  CREATE INDEX audit_requests_by_download ON audit_requests (time, sequence) WHERE download IS NOT NULL;
  CREATE INDEX audit_requests_by_id ON audit_requests (request) WHERE request IS NOT NULL;
  CREATE TABLE audit_hours (
    gateway BIGINT NOT NULL, hour BIGINT NOT NULL, event TEXT NOT NULL, decision TEXT NOT NULL, count BIGINT NOT NULL,
    bytes_out BIGINT NOT NULL, PRIMARY KEY (hour, event, decision, gateway));
`;

// What detectors read: each record as its gateway wrote it, of the weeks that they learn from.
const lines = `
  CREATE TABLE audit_lines (number BIGINT PRIMARY KEY, time BIGINT NOT NULL, line TEXT NOT NULL);
  CREATE INDEX audit_lines_by_time ON audit_lines (time, number);
`;

/** An entry is never edited once released; a change is a new one. What `oldestUsable` is stands in `state-schema.ts`. */
export const sharedAuditForm: Form = { oldestUsable: 2, migrations: [tables, lines] };

/**
 * As for the tables of the state, by the same rule. Rejects where they are of a newer version that this one cannot work beside, or
 * of an older one that is still at work and could not go on; and with what PostgreSQL says. A gateway asks for it before it has its
 * place among the others: whoever holds one then is another.
 */
export async function upgradeSharedAudit(config: ClientConfig, schema: string, form: Form = sharedAuditForm): Promise<void> {
  const client = new Client(config);
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('BEGIN');
    await beginForms(client, schema);
    const written = (await writtenForms(client)).get('audit') ?? null;
    await upgradeForm(client, schema, { name: 'audit', form, written, ownLocks: 0, statement: (step) => step });
    await client.query('COMMIT');
  } finally {
    await client.end().catch(() => undefined);
  }
}
