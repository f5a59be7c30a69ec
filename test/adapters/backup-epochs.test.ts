// A backup of a log whose keys change every day: the restored one goes on under the keys it has, builds its tree again from the
// segments, and an anchor from before says what is gone.

import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeBackup } from '../../src/adapters/backup-write.ts';
import { restoreBackup } from '../../src/adapters/restore-backup.ts';
import { verifyAuditLog } from '../../src/adapters/audit-verify.ts';
import { DayClock, day, runDays } from '../support/epoch-days.ts';
import { filledClinic } from '../support/filled-clinic.ts';
import { passphrase } from '../support/backup-clinic.ts';
import { patients } from '../support/audit-tree.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** Three days in the clinic's own data directory. `cut`: the backup is made after so many looks of a fourth. */
async function lived(cut: number) {
  const { subject, dataDirectory } = await filledClinic(0);
  const place = { directory: join(dataDirectory, 'audit'), anchor: temporaryDirectory() };
  rmSync(place.directory, { recursive: true });
  const run = await runDays(place);
  for (const from of [0, 10, 20]) {
    await run.settle();
    await run.record(patients(10, from));
    await run.settle();
    run.clock.at += day;
  }
  await run.record(['30']);
  for (let look = 0; look < cut; look += 1) await run.tree.look();
  const into = temporaryDirectory();
  const [file, to] = [join(into, 'backup'), join(into, 'restored')];
  await writeBackup(file, { passphrase }, subject);
  return { run, place, file, to };
}

describe('a log with a key a day', () => {
  test.each([
    ['between two days', 0],
    ['when the next key was named', 1],
    ['when the old one had signed its end', 2],
    ['when the next one had its place', 3],
  ])('is backed up %s and goes on', async (_when, cut) => {
    const { run, place, file, to } = await lived(cut);
    await run.record(patients(5, 40));
    await run.close();
    const restored = await restoreBackup({ file, to, secret: { passphrase }, by: 'ada' });
    const audit = join(to, 'data', 'audit');
    const pub = join(place.directory, 'audit-signing.pub');
    expect(readFileSync(join(audit, 'audit-signing.pub'), 'utf8')).toBe(readFileSync(pub, 'utf8'));
    const again = await runDays(
      { directory: audit, anchor: temporaryDirectory() },
      Object.assign(new DayClock(), { at: run.clock.at + day }),
      'r',
    );
    await again.record(['1']);
    await again.settle();
    await again.close();
    const kept = { from: [], anchors: [] };
    const alone = await verifyAuditLog({ directories: [audit], publicKeyFile: pub, kept });
    expect(alone).toMatchObject({ sound: true, flaw: null, restored: [{ sequence: restored.sequence }] });
    expect(alone.epoch?.number).toBeGreaterThan(3);
    expect(alone.checkpoints).toBeGreaterThan(0);
    // What the anchor holds from after the backup can never fit again; it says so, and from where.
    const held = await verifyAuditLog({ directories: [audit], publicKeyFile: pub, kept: { ...kept, anchors: [place.anchor] } });
    expect(held.sound).toBe(false);
    expect(held.flaw?.what).toContain(`record ${restored.sequence} says that the log was restored from a backup`);
  });
});
