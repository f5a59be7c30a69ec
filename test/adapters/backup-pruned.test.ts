// A backup of a log whose oldest records were let go and whose closed files are packed: it carries what stands for them, is judged
// with it, and the restored log verifies from its first key on and goes on being pruned.

import { appendFileSync, copyFileSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { writeBackup } from '../../src/adapters/backup-write.ts';
import { restoreBackup } from '../../src/adapters/restore-backup.ts';
import { verifyAuditLog } from '../../src/adapters/audit-verify.ts';
import { backupSources } from '../../src/adapters/backup-sources.ts';
import { BackupPlaces } from '../../src/adapters/backup-places.ts';
import { packSegment } from '../../src/adapters/audit-pack.ts';
import { describeBackup } from '../../src/cli/backup/describe-backup.ts';
import { verify } from '../support/audit-log.ts';
import { oldLog } from '../support/audit-retention.ts';
import { passphrase } from '../support/backup-clinic.ts';
import { noon } from '../support/audit-tree.ts';
import { day } from '../support/epoch-days.ts';
import { filledClinic } from '../support/filled-clinic.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

async function lived() {
  const { subject, dataDirectory } = await filledClinic(0);
  const place = { directory: join(dataDirectory, 'audit'), anchor: temporaryDirectory() };
  rmSync(place.directory, { recursive: true });
  const log = await oldLog(10, place);
  await log.look(5);
  return { subject, place, log, into: temporaryDirectory() };
}

test('it is backed up, comes back whole and goes on', async () => {
  const { subject, place, log, into } = await lived();
  const [file, to] = [join(into, 'backup'), join(into, 'restored')];
  const made = await writeBackup(file, { passphrase }, subject);
  expect(describeBackup(made).at(-1)).toMatch(/records 19 to \d+ in 6 files/);
  await log.run.close();
  await restoreBackup({ file, to, secret: { passphrase }, by: 'ada' });
  const audit = join(to, 'data', 'audit');
  expect(readdirSync(audit).filter((name) => /pruned|gz|retention/.test(name)).length).toBe(10);
  expect(await verify(audit)).toMatchObject({ sound: true, pruned: [{ first: 1 }] });
  const again = await oldLog(0, { directory: audit, anchor: temporaryDirectory() }, noon + 11 * day);
  await again.run.record(['1']);
  await again.look(5);
  expect((await again.look(5))?.kept).toEqual({ because: 'young' });
  await again.run.close();
  const publicKeyFile = join(place.directory, 'audit-signing.pub');
  const verified = await verifyAuditLog({ directories: [audit], publicKeyFile });
  expect(verified).toMatchObject({ sound: true, flaw: null });
  expect(verified.checkpoints).toBeGreaterThan(0);
});

test('files that are packed while it is made are in it as they were', async () => {
  const { subject, place, log, into } = await lived();
  for (let more = 0; more < 2; more += 1) {
    log.run.clock.at += day;
    await log.run.record(['9']);
    await log.run.settle();
  }
  const places = new BackupPlaces({
    configuration: dirname(subject.configuration[0] ?? ''),
    data: subject.dataDirectory,
    audit: subject.auditDirectory,
    fallback: subject.fallbackDirectory,
  });
  const before = await backupSources(subject, places, temporaryDirectory());
  const plain = before.sources.map(({ file }) => file.from).filter((path) => path.endsWith('.jsonl'));
  expect(plain.length).toBeGreaterThan(1);
  await packSegment(place.directory, plain[0]?.slice(place.directory.length + 1) ?? '');
  expect(existsSync(plain[0] ?? '')).toBe(false);
  await writeBackup(join(into, 'backup'), { passphrase }, subject);
  await log.run.close();
});

test.each<[string, (directory: string, left: string) => void, RegExp]>([
  [
    'of which a hash is changed',
    (_directory, left) => spoil(left, (bytes) => bytes.fill(1, 220, 230)),
    /not what is left of records/,
  ],
  ['whose end is cut off', (_directory, left) => spoil(left, (bytes) => bytes.subarray(0, 220)), /not what is left of records/],
  ['that is gone', (_directory, left) => rmSync(left), /missing before it|goes? on/],
  [
    'that stands for more than was told',
    (directory) => {
      const [first = ''] = readdirSync(directory).filter((name) => name.endsWith('.gz'));
      rmSync(join(directory, first));
      const [last = ''] = readdirSync(directory)
        .filter((name) => name.endsWith('.pruned'))
        .slice(-1);
      copyFileSync(join(directory, last), join(directory, first.replace('.gz', '.pruned')));
    },
    /missing before it|not what is left/,
  ],
  [
    'packed and damaged',
    (directory) => {
      const [first = ''] = readdirSync(directory).filter((name) => name.endsWith('.gz'));
      appendFileSync(join(directory, first), 'more');
    },
    /it cannot be unpacked/,
  ],
])('a part of it %s is not backed up', async (_name, attack, what) => {
  const { subject, place, log, into } = await lived();
  await log.run.close();
  const [left = ''] = readdirSync(place.directory).filter((name) => name.endsWith('.pruned'));
  attack(place.directory, join(place.directory, left));
  await expect(writeBackup(join(into, 'backup'), { passphrase }, subject)).rejects.toThrow(what);
});

function spoil(path: string, how: (bytes: Buffer) => Uint8Array): void {
  writeFileSync(path, how(readFileSync(path)));
}
