// How every connection to the PostgreSQL of the clinic is made.

import type { ClientConfig } from 'pg';
import type { DurableSettings } from '../core/store/store-settings.ts';
import { postgresTypes } from './postgres-types.ts';
import { programVersion } from './program-version.ts';

const connectMilliseconds = 2000;
const defaultPort = 5432;

export interface PostgresConfigOptions {
  /** Of one statement; the server gives up a second earlier, so that nobody waits for an answer that is on its way. */
  readonly statementMilliseconds: number;
  readonly isolation: 'serializable' | 'read committed';
}

const forStores: PostgresConfigOptions = { statementMilliseconds: 5000, isolation: 'serializable' };

/** Throws where the schema is no plain name: it stands in statements as it is. */
export function postgresConfig(
  { url, password, trust, plain, schema }: DurableSettings,
  { statementMilliseconds, isolation }: PostgresConfigOptions = forStores,
): ClientConfig {
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema))
    throw new Error(`Schema ${JSON.stringify(schema)} is not a plain name in small letters`);
  const { hostname, port, username, pathname } = new URL(url);
  return {
    // Part by part: what pg reads from an address goes before what stands beside it, also the password that is not in it.
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? defaultPort : Number(port),
    user: decodeURIComponent(username),
    database: decodeURIComponent(pathname.slice(1)),
    ...(password === null ? {} : { password }),
    ssl: plain ? false : { rejectUnauthorized: true, ...(trust === null ? {} : { ca: trust }) },
    types: postgresTypes,
    application_name: `wardgate ${programVersion()}`,
    connectionTimeoutMillis: connectMilliseconds,
    query_timeout: statementMilliseconds,
    statement_timeout: statementMilliseconds - 1000,
    keepAlive: true,
    options: `-c search_path=${schema} -c synchronous_commit=on -c default_transaction_isolation=${isolation.replace(' ', String.raw`\ `)}`,
  };
}
