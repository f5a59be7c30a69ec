// The page for the privacy officer, printed today and typed again later, finds a log that was written anew.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { auditCommand } from '../../src/cli/audit.ts';
import { removeAuditDirectories } from '../support/audit-log.ts';
import { grown, patients, record, treeLog } from '../support/audit-tree.ts';
import { told } from '../support/backup-clinic.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

afterEach(removeAuditDirectories);

describe('wardgate audit checkpoint', () => {
  it('prints what, typed again, the log is held against', async () => {
    const honest = treeLog();
    await record(honest, patients(20));
    await grown(honest);
    const page = join(temporaryDirectory(), 'page.txt');
    expect((await told(auditCommand, 'checkpoint', '--dir', honest.directory, '--out', page)).code).toBe(0);
    const typed = readFileSync(page, 'utf8')
      .split('\n')
      .filter((line) => /^(Log|Records|Root)/.test(line))
      .join('\n')
      .toUpperCase();
    const file = join(temporaryDirectory(), 'typed.txt');
    writeFileSync(file, typed);
    const verified = await told(auditCommand, 'verify', '--dir', honest.directory, '--from', file);
    expect([verified.code, verified.out]).toEqual([0, expect.stringContaining('as 3 checkpoints have it')]);
    expect((await told(auditCommand, 'verify', '--dir', honest.directory, '--from', page)).code).toBe(0);

    const forged = treeLog(honest);
    await record(forged, patients(20).with(4, 'nobody'));
    await grown(forged);
    const found = await told(auditCommand, 'verify', '--dir', forged.directory, '--from', file);
    expect([found.code, found.out]).toEqual([1, expect.stringContaining('are not all those that this checkpoint covers')]);
  });

  it('says it as JSON, which a syslog receiver may hold as well', async () => {
    const log = treeLog();
    await record(log, patients(3));
    await grown(log);
    const { out } = await told(auditCommand, 'checkpoint', '--dir', log.directory, '--json');
    const said: unknown = JSON.parse(out);
    expect(said).toMatchObject({
      size: 3,
      root: expect.stringMatching(/^[0-9a-f]{64}$/),
      keyId: expect.stringMatching(/^[0-9a-f]{8}$/),
    });
    const { note } = Object(said) as { note: string };
    const lines = join(temporaryDirectory(), 'messages');
    writeFileSync(
      lines,
      `Nov 23 gate wardgate: ${JSON.stringify({ checkpoint: note })}\nNov 23 other: ${JSON.stringify({ checkpoint: 'x' })}\n`,
    );
    expect((await told(auditCommand, 'verify', '--dir', log.directory, '--from', lines)).code).toBe(0);
    writeFileSync(lines, JSON.stringify({ checkpoint: 'x' }));
    const none = await told(auditCommand, 'verify', '--dir', log.directory, '--from', lines);
    expect([none.code, none.out]).toEqual([1, expect.stringContaining('it holds no checkpoint of the log')]);
  });

  it('without a checkpoint says so', async () => {
    const log = treeLog();
    await record(log, patients(3));
    expect(await told(auditCommand, 'checkpoint', '--dir', log.directory)).toMatchObject({
      code: 1,
      err: expect.stringContaining('There is no checkpoint'),
    });
  });
});
