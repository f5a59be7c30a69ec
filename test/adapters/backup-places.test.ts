// Where the files of a backup lie after a restore, and what is never touched on the way: names that are taken, directories that
// are not empty, what a running gateway holds.

import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeBackup } from '../../src/adapters/backup-write.ts';
import { restoreBackup } from '../../src/adapters/restore-backup.ts';
import { openStateDb } from '../../src/adapters/state-db.ts';
import { verify } from '../support/audit-log.ts';
import { unfinished } from '../support/backup-clinic.ts';
import { filledClinic, lock, opens } from '../support/filled-clinic.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

describe('places', () => {
  test('what does not lie beside the configuration stands apart, and can be moved back', async () => {
    const far = temporaryDirectory();
    const { subject } = await filledClinic(3, join(far, 'var', 'wardgate'));
    const files = ['a/ca.pem', 'b/ca.pem', 'run/master.key'].map((name) => join(far, name));
    for (const file of files) {
      mkdirSync(join(file, '..'), { recursive: true });
      writeFileSync(file, readFileSync(subject.masterKeyFile), { mode: 0o600 });
    }
    const [one = '', other = '', masterKeyFile = ''] = files;
    const [file, to] = [join(temporaryDirectory(), 'backup'), join(temporaryDirectory(), 'to')];
    const made = await writeBackup(file, lock, { ...subject, certificates: [one, other], masterKeyFile });
    await restoreBackup({ file, to, secret: opens, by: 'ada' });
    const placed = Object.fromEntries(made.manifest.files.map((placedFile) => [placedFile.from, placedFile.to]));
    expect(placed).toMatchObject({
      [subject.configuration[0] ?? '']: 'gateway.yaml',
      [one]: 'elsewhere/files/ca.pem',
      [other]: 'elsewhere/files/2/ca.pem',
      [masterKeyFile]: 'elsewhere/files/master.key',
      [join(subject.dataDirectory, 'identity.db')]: 'elsewhere/data/identity.db',
      [join(subject.auditDirectory, 'head.json')]: 'elsewhere/data/audit/head.json',
    });
    expect(await verify(join(to, 'elsewhere/data/audit'))).toMatchObject({ sound: true, records: 4 });
    const modes = readdirSync(to, { recursive: true, encoding: 'utf8' }).map((name) => statSync(join(to, name)).mode & 0o077);
    expect(new Set(modes.filter((mode) => mode !== 0 && mode !== 0o044))).toEqual(new Set());
  });

  test('a name that is taken is not overwritten, and a place that is not empty is not touched', async () => {
    const { subject, directory } = await filledClinic();
    const file = join(directory, 'backup');
    writeFileSync(file, 'mine');
    await expect(writeBackup(file, lock, subject)).rejects.toThrow(`"${file}" is there already, and nothing is overwritten`);
    expect(readFileSync(file, 'utf8')).toBe('mine');
    await expect(writeBackup(join(directory, 'no', 'backup'), lock, subject)).rejects.toThrow(
      `there is no directory "${join(directory, 'no')}"`,
    );
    rmSync(file);
    await writeBackup(file, lock, subject);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const restore = (to: string) => restoreBackup({ file, to, secret: opens, by: 'ada' });
    await expect(restore(directory)).rejects.toThrow(`"${directory}" is not empty, and nothing in it is overwritten`);
    await expect(restore(file)).rejects.toThrow(`"${file}" is a file`);
    const empty = join(directory, 'empty');
    mkdirSync(empty);
    await restore(empty);
    expect(readdirSync(empty).sort()).toEqual(['data', 'gateway.yaml', 'rules.yaml']);
  });

  test('a place that a running gateway holds is told with its process', async () => {
    const { subject, directory, dataDirectory } = await filledClinic();
    const file = join(temporaryDirectory(), 'backup');
    await writeBackup(file, lock, subject);
    const db = await openStateDb(dataDirectory);
    for (const to of [directory, dataDirectory]) {
      await expect(restoreBackup({ file, to, secret: opens, by: 'ada' })).rejects.toThrow(`"${to}" is in use by process ${process.pid}; stop that gateway`); // prettier-ignore
    }
    await db.close();
    await expect(restoreBackup({ file, to: directory, secret: opens, by: 'ada' })).rejects.toThrow('is not empty');
  });
});

test('what a killed backup or restore has left goes with the next; what belongs to a living process stays', async () => {
  const { subject, directory, dataDirectory } = await filledClinic();
  const file = join(directory, 'backup');
  // No process has such a number: Linux counts to 2^22.
  const [dead, living] = [4_194_305, process.ppid];
  for (const pid of [dead, living]) {
    writeFileSync(`${file}.part-${pid}`, 'half');
    mkdirSync(join(dataDirectory, `.backup-${pid}`));
    mkdirSync(join(directory, `to.restoring-${pid}`));
  }
  await writeBackup(file, lock, subject);
  await restoreBackup({ file, to: join(directory, 'to'), secret: opens, by: 'ada' });
  expect(unfinished(directory).sort()).toEqual([`backup.part-${living}`, `data/.backup-${living}`, `to.restoring-${living}`]);
});
