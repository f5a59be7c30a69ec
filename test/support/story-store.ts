// Where the gateways of stories keep their state: in files beside them, or in a PostgreSQL, each in a schema of its own. A story that
// looks into the rows, or changes them behind the gateway's back, does it by this and is the same on both.

import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { escapeLiteral } from 'pg';
import { AskAtOnce } from './ask-at-once.ts';

/** Null: beside the gateway. Of one test file, because each of them has modules of its own. */
let server: { readonly url: string; readonly asking: AskAtOnce } | null = null;

/** From now on, until what it returns is called. */
export function keepStoriesIn(url: string): () => Promise<void> {
  const asking = new AskAtOnce(url);
  server = { url, asking };
  return async () => {
    server = null;
    await asking.close();
  };
}

/** Lines of gateway.yaml for a gateway whose files stand in this directory. */
export function storeLines(directory: string): readonly string[] {
  return server === null ? [] : [`store: { durable: { url: "${server.url}", schema: ${schemaOf(directory)} } }`];
}

/** What a SELECT finds in the rows that are never lost. */
export function readRows(dataDirectory: string, select: string): readonly Readonly<Record<string, unknown>>[] {
  if (server === null) return inFile(dataDirectory, true, (database) => database.prepare(select).all());
  return server.asking.ask(schemaOf(dirname(dataDirectory)), select);
}

/** Without the gateway's knowing. Each `?` stands for one of the texts. */
export function changeRows(dataDirectory: string, statement: string, ...texts: readonly string[]): void {
  if (server === null) return void inFile(dataDirectory, false, (database) => database.prepare(statement).run(...texts));
  let next = 0;
  const whole = statement.replaceAll('?', () => escapeLiteral(texts[next++] ?? ''));
  server.asking.ask(schemaOf(dirname(dataDirectory)), whole);
}

function inFile<T>(dataDirectory: string, readOnly: boolean, work: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(join(dataDirectory, 'identity.db'), { readOnly, timeout: 5000 });
  try {
    return work(database);
  } finally {
    database.close();
  }
}

function schemaOf(directory: string): string {
  return `at_${createHash('sha256').update(directory).digest('hex').slice(0, 20)}`;
}
