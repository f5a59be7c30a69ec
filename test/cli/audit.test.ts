import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditCommand } from '../../src/cli/audit.ts';
import { machineIssuer } from '../../src/core/session/machine-session.ts';
import { attempt, auditDirectory, openTestLog, removeAuditDirectories, todaysFile } from '../support/audit-log.ts';
import { treeOver } from '../support/audit-tree.ts';

let directory = '';

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await auditCommand(args, { out: (line) => out.push(line), err: (line) => err.push(line) });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

beforeEach(async () => {
  directory = auditDirectory();
  const log = await openTestLog(directory);
  const nurse = { issuer: 'i', sub: 's-1', name: 'n.okafor' };
  const doctor = { issuer: 'i', sub: 's-2', name: 'd.ito' };
  await log.append(attempt('7', { subject: nurse, method: 'GET', target: '/chart?pid=7', decision: 'allowed', rule: 'charts' }));
  await log.append(attempt('8', { subject: doctor, status: 403, agent: '\u001b[2J\u202e' }));
  await log.append(attempt('7', { subject: doctor, detail: '\u001b[2J\u202e' }));
  await log.close();
});

afterEach(removeAuditDirectories);

describe('audit verify', () => {
  it('says that a log is sound', async () => {
    expect(await run('verify', '--dir', directory)).toMatchObject({
      code: 0,
      out: expect.stringMatching(
        /^Sound: 3 records, the last is number 3; signing key [0-9a-f]{16}\nNote: There is no checkpoint of this log to hold it against$/,
      ),
    });
  });

  it('names the first bad record', async () => {
    const path = join(directory, todaysFile());
    writeFileSync(path, readFileSync(path, 'utf8').replace('d.ito', 'x.ito'));
    const { code, out } = await run('verify', '--dir', directory);
    expect(code).toBe(1);
    expect(out).toContain(`Not sound: "${todaysFile()}", line 2, record 2: the record was changed`);
    expect(out).toContain('1 records before that are sound');
  });

  it('answers a script', async () => {
    const { code, out } = await run('verify', '--dir', directory, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      sound: true,
      flaw: null,
      records: 3,
      lastSequence: 3,
      headSequence: 3,
      afterHead: 0,
    });
  });

  it.each([
    ['a missing head', () => rmSync(join(directory, 'head.json')), /"head.json": the signed head is missing/],
    [
      'a changed head',
      () => writeFileSync(join(directory, 'head.json'), readFileSync(join(directory, 'head.json'), 'utf8').replace(':3,', ':2,')),
      /head was changed/,
    ],
    ['a missing public key', () => rmSync(join(directory, 'audit-signing.pub')), /public key is missing/],
    ['a missing file', () => rmSync(join(directory, todaysFile())), /records 1 to 3 are missing/],
    [
      'a file without its last newline',
      () => writeFileSync(join(directory, todaysFile()), readFileSync(join(directory, todaysFile())).subarray(0, -1)),
      /records 3 to 3 are missing|record 3 is missing/,
    ],
    [
      'a directory in a segment’s place',
      () => (rmSync(join(directory, todaysFile())), mkdirSync(join(directory, todaysFile()))),
      /not a regular file/,
    ],
    [
      'an enormous line',
      () => writeFileSync(join(directory, todaysFile()), `${'x'.repeat(3_000_000)}\n`, { flag: 'a' }),
      /line 4: the line is not a record/,
    ],
    ['an empty directory', () => (rmSync(directory, { recursive: true }), mkdirSync(directory)), /there is no log/],
  ])('finds %s', async (_name, damage, message) => {
    damage();
    const { code, out } = await run('verify', '--dir', directory);
    expect(code).toBe(1);
    expect(out).toMatch(message);
  });

  it('says what it did not read, and what lies behind the head', async () => {
    const head = readFileSync(join(directory, 'head.json'));
    const log = await openTestLog(directory);
    await log.append(attempt('9'));
    await log.close();
    writeFileSync(join(directory, 'head.json'), head);
    writeFileSync(join(directory, 'copy.jsonl'), 'x');
    writeFileSync(join(directory, todaysFile()), '{"seq":5', { flag: 'a' });
    const { code, out } = await run('verify', '--dir', directory);
    expect(code).toBe(0);
    expect(out).toContain('4 records, the last is number 4, 1 of them behind the signed head');
    expect(out).toContain('"copy.jsonl" is not a file of the log');
    expect(out).toContain('8 bytes of a torn line behind the signed head; it will be repaired at the next start');
  });

  it('can use a key kept elsewhere', async () => {
    const copy = join(dirname(directory), 'copy.pub');
    copyFileSync(join(directory, 'audit-signing.pub'), copy);
    rmSync(join(directory, 'audit-signing.pub'));
    expect((await run('verify', '--dir', directory, '--key', copy)).code).toBe(0);
  });

  it('verifies while the gateway is writing', async () => {
    const log = await openTestLog(directory);
    const writing = Promise.all(Array.from({ length: 200 }, (_none, index) => log.append(attempt(String(index)))));
    expect((await run('verify', '--dir', directory)).code).toBe(0);
    await writing;
    await log.close();
  });
});

describe('audit show', () => {
  it('shows the last records, without letting them touch the terminal', async () => {
    const { code, out } = await run('show', '--dir', directory, '--last', '2');
    expect(code).toBe(0);
    expect(out.split('\n')).toHaveLength(2);
    expect(out).not.toMatch(/[^\P{C}\n]/u);
    expect(out).toContain('\\u001b[2J\\u202e');
  });

  it.each([
    [
      ['--patient', '7'],
      ['1', '3'],
    ],
    [
      ['--person', 'd.ito'],
      ['2', '3'],
    ],
    [['--person', 's-1'], ['1']],
    [['--person', 'd.ito', '--patient', '7'], ['3']],
  ])('finds by %j', async (args, sequences) => {
    const { out } = await run('show', '--dir', directory, ...args);
    expect(out.split('\n').map((line) => line.split(' ')[0])).toEqual(sequences);
  });

  it('names a machine, and finds it by its name', async () => {
    const log = await openTestLog(directory);
    await log.append(
      attempt('7', { subject: { issuer: machineIssuer, sub: 'lab', name: 'lab' }, address: '10.20.9.5', decision: 'allowed' }),
    );
    await log.close();
    const { out } = await run('show', '--dir', directory, '--person', 'lab');
    expect(out).toMatch(/^4 .* machine lab .*patient=7 .*allowed$/);
  });

  it('prints the lines as they were written for a script', async () => {
    const { out } = await run('show', '--dir', directory, '--json');
    expect(`${out}\n`).toBe(readFileSync(join(directory, todaysFile()), 'utf8'));
  });

  it('says when nothing matches', async () => {
    expect(await run('show', '--dir', directory, '--patient', '99')).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/^Patients are searched by token alone.*--patients\nNo record matches$/) as unknown,
    });
    expect(await run('show', '--dir', directory, '--person', 'nobody')).toMatchObject({ code: 1, err: 'No record matches' });
  });
});

describe('wrong usage', () => {
  it.each([
    [[], /A command is missing/],
    [['prune'], /There is no command "audit prune"/],
    [['verify'], /--dir is missing/],
    [['verify', '--dir', '/no/such/place'], /There is no directory "\/no\/such\/place"/],
    [['verify', '--nonsense'], /nonsense/],
    [['show', '--dir', '/', '--last', '0'], /"0" is not a number of records/],
    [['show', '--dir', '/', '--last', 'many'], /"many" is not a number of records/],
  ])('%j', async (args, message) => {
    const { code, err } = await run(...args);
    expect(code).toBe(2);
    expect(err).toMatch(message);
    expect(err).toContain('Usage: wardgate audit verify');
  });

  it('tells what the system said', async () => {
    const file = join(directory, 'head.json');
    expect(await run('verify', '--dir', file)).toMatchObject({ code: 2, err: expect.stringContaining('ENOTDIR') });
  });
});

describe('audit prove and verify-proof', () => {
  const key = (): string => join(directory, 'audit-signing.pub');
  const file = (): string => join(dirname(directory), 'record.tlog-proof');

  beforeEach(async () => {
    await treeOver({ directory, anchor: dirname(directory) }).look(true);
  });

  it.each([1, 2, 3])('record %i is proved far from the log', async (record) => {
    expect(await run('prove', '--dir', directory, '--record', String(record), '--out', file())).toMatchObject({
      code: 0,
      out: '',
    });
    const { code, out } = await run('verify-proof', file(), '--key', key());
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`^Proved: record ${record} of 3; signing key [0-9a-f]{16}\n."seq":${record},`));
    const asked = await run('verify-proof', file(), '--key', key(), '--json');
    expect(JSON.parse(asked.out)).toMatchObject({ proven: true, sequence: record, size: 3 });
  });

  it('prints it without a file, in the form of C2SP', async () => {
    const { out } = await run('prove', '--dir', directory, '--record', '2');
    expect(out).toMatch(
      /^c2sp\.org\/tlog-proof@v1\nextra \S+\nindex 1\n\S{44}\n\S{44}\n\nwardgate-audit\/[0-9a-f]{16}\n3\n\S{44}\n\n— /,
    );
  });

  it.each([
    [
      'another record',
      (proof: string) => proof.replace(/extra (\S+)/, `extra ${Buffer.from('{}').toString('base64')}`),
      /^Not proved: The record is not in the tree/,
    ],
    ['another place', (proof: string) => proof.replace('index 1', 'index 0'), /^Not proved: The record is not in the tree/],
    [
      'another size',
      (proof: string) => proof.replace('\n3\n', '\n4\n'),
      /^Not proved: Its checkpoint does not hold: it is not signed/,
    ],
    ['nothing of it', () => 'proof', /^Not proved: It is not a proof/],
  ])('a proof with %s does not hold', async (_what, change, told) => {
    await run('prove', '--dir', directory, '--record', '2', '--out', file());
    writeFileSync(file(), change(readFileSync(file(), 'utf8')));
    const { code, out } = await run('verify-proof', file(), '--key', key());
    expect([code, out]).toEqual([1, expect.stringMatching(told)]);
    expect((await run('verify-proof', file(), '--key', key(), '--json')).out).toContain('"proven":false');
  });

  it('says why there is none', async () => {
    const behind = await run('prove', '--dir', directory, '--record', '4');
    expect([behind.code, behind.err]).toEqual([1, expect.stringContaining('record 4 is missing at the end of the log')]);
    rmSync(join(directory, 'tree/tile'), { recursive: true });
    const untiled = await run('prove', '--dir', directory, '--record', '2');
    expect([untiled.code, untiled.err]).toEqual([1, expect.stringMatching(/is missing or cut short$/)]);
    rmSync(join(directory, 'tree'), { recursive: true });
    const bare = await run('prove', '--dir', directory, '--record', '2');
    expect([bare.code, bare.err]).toEqual([1, expect.stringContaining('There is no checkpoint in')]);
  });

  it.each([
    ['prove', '--dir', '.'],
    ['prove', '--dir', '.', '--record', 'x'],
    ['prove', '--dir', '.', '--record', '1', '--key', 'package.json'],
    ['verify-proof', 'package.json'],
    ['verify-proof', '--key', 'package.json'],
    ['verify', '--dir', '.', '--from', 'no-such-file'],
    ['verify', '--dir', '.', '--anchor', 'no-such-place'],
  ])('%s %s %s %s is wrong usage', async (...args) => {
    expect(await run(...args)).toMatchObject({ code: 2 });
  });

  it('verify says how many checkpoints the log fits', async () => {
    const { code, out } = await run('verify', '--dir', directory, '--anchor', dirname(directory));
    expect([code, out]).toEqual([0, expect.stringMatching(/^Sound: 3 records, .*; as 3 checkpoints have it$/)]);
  });
});
