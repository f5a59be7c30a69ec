// The embedded state: one transaction per list, one instance per directory, and no file of the future.

import { spawnSync } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { openStateDb } from '../../src/adapters/state-db.ts';
import { schemas } from '../../src/adapters/state-schema.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const insert = (key: string) => ({ sql: 'INSERT INTO ended_sessions VALUES (?, ?, ?)', params: [key, 'idle', 1] });
const count = { sql: 'SELECT count(*) AS n FROM ended_sessions', params: [] };

test('a list of statements is one transaction: one failure undoes all', async () => {
  const db = await openStateDb(temporaryDirectory());
  await expect(db.run('identity', [insert('a'), insert('a')])).rejects.toMatchObject({ code: 'session-store-unavailable' });
  await db.run('identity', [insert('b')]);
  const [result] = await db.run('identity', [count]);
  expect(result?.rows).toEqual([{ n: 1 }]);
  await db.close();
});

test('what was written is there after a restart, in files of mode 0700', async () => {
  const directory = join(temporaryDirectory(), 'data');
  const first = await openStateDb(directory);
  await first.run('identity', [insert('a')]);
  await first.close();
  const second = await openStateDb(directory);
  const [result] = await second.run('identity', [count]);
  expect(result?.rows).toEqual([{ n: 1 }]);
  expect(statSync(directory).mode & 0o777).toBe(0o700);
  await second.close();
});

test('a second instance on the same directory is refused and told the pid', async () => {
  const directory = temporaryDirectory();
  const db = await openStateDb(directory);
  await expect(openStateDb(directory)).rejects.toThrow(
    `The data directory "${directory}" is in use by process ${process.pid}; stop it first`,
  );
  const script = `import('./src/adapters/state-db.ts').then((m) => m.openStateDb(${JSON.stringify(directory)})).then(() => process.exit(0), (e) => { console.error(e.message); process.exit(3); })`;
  const other = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  expect(other.status).toBe(3);
  expect(other.stderr).toContain(`in use by process ${process.pid}`);
  await db.close();
  const next = await openStateDb(directory);
  await next.close();
});

test('the lock of a killed instance does not stop the next one', async () => {
  const directory = temporaryDirectory();
  const script = `import('./src/adapters/state-db.ts').then((m) => m.openStateDb(${JSON.stringify(directory)})).then(() => process.kill(process.pid, 'SIGKILL'))`;
  expect(spawnSync(process.execPath, ['-e', script]).signal).toBe('SIGKILL');
  const db = await openStateDb(directory);
  await db.close();
});

test('a file of a newer schema is refused with both versions named', async () => {
  const directory = temporaryDirectory();
  await (await openStateDb(directory)).close();
  const raw = new DatabaseSync(join(directory, 'sessions.db'));
  raw.exec('UPDATE schema_version SET version = 99');
  raw.close();
  await expect(openStateDb(directory)).rejects.toThrow(
    `its schema version is 99 and this program knows up to ${schemas.sessions.migrations.length};`,
  );
});

test('a damaged file is named', async () => {
  const directory = temporaryDirectory();
  await (await openStateDb(directory)).close();
  writeFileSync(join(directory, 'identity.db'), 'this is no database'.repeat(100));
  await expect(openStateDb(directory)).rejects.toThrow(/^Cannot open ".*identity\.db": file is not a database/);
});

test('after closing, nothing is written and nothing hangs', async () => {
  const db = await openStateDb(temporaryDirectory());
  await db.close();
  await db.close();
  await expect(db.run('identity', [count])).rejects.toMatchObject({ code: 'session-store-unavailable' });
});

test('ten thousand writes may wait, the next is refused at once', async () => {
  const db = await openStateDb(temporaryDirectory());
  const waiting = Array.from({ length: 10_000 }, async () => db.run('sessions', [{ sql: 'SELECT 1', params: [] }]));
  await expect(db.run('sessions', [{ sql: 'SELECT 1', params: [] }])).rejects.toThrow('10000 writes are waiting for the disk');
  await Promise.all(waiting);
  await db.close();
});
