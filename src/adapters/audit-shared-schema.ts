// The tables that gateways share of their records: one row a request as in the index beside each log, and the lines of the last
// weeks for the detectors. All of it is made from the logs, and can be made again.

import { Client } from 'pg';
import type { ClientConfig } from 'pg';

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

/** One entry per version, oldest first. An entry is never edited once released; a change is a new one. */
const steps: readonly string[] = [tables, lines];

/** Rejects where the tables are of a newer version, and with what PostgreSQL says. */
export async function upgradeSharedAudit(config: ClientConfig, schema: string): Promise<void> {
  const client = new Client(config);
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('BEGIN');
    // The same lock as for all tables: several gateways may start at once.
    await client.query("SELECT pg_advisory_xact_lock(hashtext('wardgate schema'), hashtext($1))", [schema]);
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    await client.query('CREATE TABLE IF NOT EXISTS schema_version (database TEXT PRIMARY KEY, steps INTEGER NOT NULL)');
    const { rows } = await client.query<{ steps: number }>("SELECT steps FROM schema_version WHERE database = 'audit'");
    const done = rows[0]?.steps ?? 0;
    if (done > steps.length)
      throw new Error(
        `The shared index was made by a newer Wardgate (its tables are at ${done}, this version knows ${steps.length})`,
      );
    for (const step of steps.slice(done)) await client.query(step);
    const count = `INSERT INTO schema_version (database, steps) VALUES ('audit', $1)
      ON CONFLICT (database) DO UPDATE SET steps = excluded.steps`;
    await client.query(count, [steps.length]);
    await client.query('COMMIT');
  } finally {
    await client.end().catch(() => undefined);
  }
}
