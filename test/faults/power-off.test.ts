// The power goes in the middle of a backup, of a restore and of an upgrade: afterwards there is the old or the new, whole, and
// doing it again succeeds. SIGKILL stands in for the switch; moments are drawn by chance that is the same every time, in what
// can be seen on the disk and not in time, so that a slow machine is cut at the same places.

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, cpSync, existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { schemas } from '../../src/adapters/state-schema.ts';
import { verifyBackup } from '../../src/adapters/backup-verify.ts';
import { writeBackup } from '../../src/adapters/backup-write.ts';
import { verify } from '../support/audit-log.ts';
import { unfinished } from '../support/backup-clinic.ts';
import { command, endCommands } from '../support/command.ts';
import { filledClinic, lock, opens } from '../support/filled-clinic.ts';
import type { FilledClinic } from '../support/filled-clinic.ts';
import { makeOldStore, rowsOf, versionOf } from '../support/old-store.ts';
import { seeded } from '../support/seeded.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const upgradeChild = fileURLToPath(new URL('../support/upgrade-child.ts', import.meta.url));
const shipped = fileURLToPath(new URL('../../config', import.meta.url));
const rounds = 6;
const records = 15_000;

afterEach(endCommands);

/** Kills the process at the first moment at which `seen` holds, or lets it end before. True where it was killed. */
async function killedWhen(child: ChildProcess, seen: () => boolean): Promise<boolean> {
  const ended = once(child, 'close');
  const state = { isGone: false };
  void ended.then(() => (state.isGone = true));
  while (!state.isGone && !seen()) await new Promise((resolve) => setImmediate(resolve));
  child.kill('SIGKILL');
  const [, signal] = (await ended) as [number | null, string | null];
  return signal === 'SIGKILL';
}

/** Bytes of all files whose path begins like this, which may come and go. */
function bytesAt(directory: string, prefix: string): number {
  if (!existsSync(directory)) return 0;
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) => name.startsWith(prefix));
  return names.reduce((sum, name) => sum + (statSync(join(directory, name), { throwIfNoEntry: false })?.size ?? 0), 0);
}

/** A clinic with a configuration that loads, and key files for the command line. */
async function clinicOnDisk(): Promise<FilledClinic & { readonly publicKey: string; readonly privateKey: string }> {
  const place = await filledClinic(records);
  for (const name of ['gateway.yaml', 'rules.yaml']) copyFileSync(join(shipped, name), join(place.directory, name));
  const [publicKey, privateKey] = [join(place.directory, 'public.pem'), join(place.directory, 'private.pem')];
  writeFileSync(publicKey, lock.pem);
  writeFileSync(privateKey, opens.pem, { mode: 0o600 });
  return { ...place, publicKey, privateKey };
}

test('during a backup: there is none, or a whole one', { timeout: 120_000 }, async () => {
  const { directory, dataDirectory, publicKey } = await clinicOnDisk();
  const folder = temporaryDirectory();
  const size = bytesAt(dataDirectory, 'audit/2');
  const random = seeded(5);
  const config = join(directory, 'gateway.yaml');
  let killed = 0;
  for (let round = 0; round < rounds; round += 1) {
    const file = join(folder, `backup-${round}`);
    const args = ['backup', '--to', file, '--config', config, '--recipient-key', publicKey];
    // Even rounds among the copies of the stores, odd ones in the file itself, up to its end and the reading back.
    const most = round % 2 === 0 ? 100_000 : size * 1.05;
    const enough = random() * most;
    const [at, prefix] = round % 2 === 0 ? [dataDirectory, '.backup-'] : [folder, `backup-${round}.part`];
    if (await killedWhen(command(args).child, () => bytesAt(at, prefix) > enough)) killed += 1;
    if (existsSync(file)) await verifyBackup(file, opens);
    // The same again, or under another name where there is one already.
    const next = existsSync(file) ? `${file}-next` : file;
    expect(await command(args.map((arg) => (arg === file ? next : arg))).ended).toMatchObject({ code: 0 });
    expect((await verifyBackup(next, opens)).manifest.audit.sequence).toBe(records);
    expect(unfinished(dataDirectory)).toEqual([]);
    if (next === file) expect(unfinished(folder)).toEqual([]);
  }
  expect(killed).toBeGreaterThan(1);
  expect((await verify(join(dataDirectory, 'audit'))).sound).toBe(true);
});

test('during a restore: there is nothing, or all of it', { timeout: 120_000 }, async () => {
  const { subject, dataDirectory, privateKey } = await clinicOnDisk();
  const folder = temporaryDirectory();
  const file = join(folder, 'backup');
  await writeBackup(file, lock, subject);
  // The log keeps room on the disk for itself, which the restored one has as well.
  const size = bytesAt(dataDirectory, '') + 16_777_216;
  const random = seeded(9);
  let killed = 0;
  for (let round = 0; round < rounds; round += 1) {
    const to = join(folder, `to-${round}`);
    const args = ['restore', file, '--to', to, '--key', privateKey];
    const enough = random() * size * 0.9;
    if (await killedWhen(command(args).child, () => bytesAt(folder, `to-${round}`) > enough)) killed += 1;
    if (!existsSync(to)) expect(await command(args).ended).toMatchObject({ code: 0 });
    const verified = await verify(join(to, 'data', 'audit'));
    expect(verified).toMatchObject({ sound: true, records: records + 1, restored: [{ sequence: records + 1 }] });
    expect(rowsOf(join(to, 'data', 'identity.db'), 'identity')).toBe(0);
    expect(unfinished(folder)).toEqual([]);
  }
  expect(killed).toBeGreaterThan(1);
});

test(
  'during an upgrade: each store is the old one or the new one, and the old one is kept beside the new',
  { timeout: 120_000 },
  async () => {
    const old = temporaryDirectory();
    const stores = (['identity', 'sessions'] as const).map((name) => ({ name, ...schemas[name], count: 20_000 }));
    for (const { name, count } of stores) makeOldStore(old, name, 1, count);
    const random = seeded(13);
    let killed = 0;
    for (let round = 0; round < rounds + 2; round += 1) {
      const directory = temporaryDirectory();
      cpSync(old, directory, { recursive: true });
      const child = spawn(process.execPath, [upgradeChild, directory], { stdio: ['ignore', 'ignore', 'inherit'] });
      // From the first byte of the first copy to the last of the second, and what comes behind it.
      const enough = random() * bytesAt(old, '') * 1.1;
      const copied = (): number => bytesAt(directory, 'identity.db.b') + bytesAt(directory, 'sessions.db.b');
      if (await killedWhen(child, () => copied() >= Math.max(1, enough))) killed += 1;
      for (const { name, file, migrations, count } of stores)
        checkStore(directory, { name, file, newest: migrations.length, count });
      const again = spawn(process.execPath, [upgradeChild, directory], { stdio: ['ignore', 'ignore', 'inherit'] });
      expect(await once(again, 'close')).toEqual([0, null]);
      for (const { name, file, migrations, count } of stores) {
        expect(versionOf(join(directory, file))).toBe(migrations.length);
        checkStore(directory, { name, file, newest: migrations.length, count });
      }
      expect(readdirSync(directory).filter((name) => name.endsWith('.part'))).toEqual([]);
    }
    expect(killed).toBeGreaterThan(1);
  },
);

interface Store {
  readonly name: 'identity' | 'sessions';
  readonly file: string;
  readonly newest: number;
  readonly count: number;
}

function checkStore(directory: string, { name, file, newest, count }: Store): void {
  const path = join(directory, file);
  const version = versionOf(path);
  expect([1, newest]).toContain(version);
  expect(rowsOf(path, name)).toBe(count);
  const copy = `${path}.before-${newest}`;
  if (version === newest) expect(existsSync(copy)).toBe(true);
  if (existsSync(copy)) expect([versionOf(copy), rowsOf(copy, name)]).toEqual([1, count]);
}
