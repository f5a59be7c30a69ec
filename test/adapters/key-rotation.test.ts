// A master key that is rotated under a running gateway: it seals with the new one within a second, opens what either has
// sealed, and keeps what it knows where the file is spoilt.

import { execFile } from 'node:child_process';
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, statSync, symlinkSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs'; // prettier-ignore
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { rotateMasterKey } from '../../src/adapters/rotate-master-key.ts';
import { createMasterKey, FileSealer } from '../../src/adapters/sealer-file.ts';
import { FakeLog } from '../support/fake-ports.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

function setUp() {
  const file = join(temporaryDirectory(), 'master.key');
  createMasterKey(file);
  const log = new FakeLog();
  const clock = { at: 0, monotonic: () => clock.at };
  const running = new FileSealer(file, { log, clock });
  /** The id of the key that seals now. */
  const keyInUse = (sealer = running): string => sealer.seal('p', 'o', 'x').split('.')[1] ?? '';
  return { file, log, clock, running, keyInUse };
}

const linesOf = (file: string): string[] => readFileSync(file, 'utf8').trimEnd().split('\n');

describe('the file', () => {
  test('gets a new first key before the others, for its owner alone, in one step', () => {
    const { file } = setUp();
    const [old] = linesOf(file);
    const descriptor = openSync(file, 'r');
    expect(rotateMasterKey(file)).toBe(2);
    expect(rotateMasterKey(file)).toBe(3);
    const lines = linesOf(file);
    expect([lines.length, new Set(lines).size, lines[2]]).toEqual([3, 3, old]);
    // Whoever was reading goes on reading what was there: another file took the name, and nobody can have read half of it.
    expect(readFileSync(descriptor, 'utf8')).toBe(`${old ?? ''}\n`);
    closeSync(descriptor);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(dirname(file))).toEqual(['master.key']);
  });

  test('stays a link where it was one', () => {
    const { file } = setUp();
    const link = join(dirname(file), 'link');
    symlinkSync(file, link);
    rotateMasterKey(link);
    expect([linesOf(file).length, linesOf(link).length]).toEqual([2, 2]);
    expect(readdirSync(dirname(file)).toSorted()).toEqual(['link', 'master.key']);
  });

  test('holds 32 keys and no more; it is then as it was', () => {
    const { file } = setUp();
    for (let keys = 2; keys <= 32; keys += 1) expect(rotateMasterKey(file)).toBe(keys);
    const before = readFileSync(file, 'utf8');
    expect(() => rotateMasterKey(file)).toThrow(
      'it holds 32 keys, which is the most; seal everything anew and remove the oldest',
    );
    expect(readFileSync(file, 'utf8')).toBe(before);
    expect(readdirSync(dirname(file))).toEqual(['master.key']);
  });

  test.each([
    ['missing', (file: string) => unlinkSync(file), 'does not exist; "wardgate keys init" makes one'],
    ['readable by others', (file: string) => chmodSync(file, 0o644), 'can be read by others'],
    ['no key file', (file: string) => writeFileSync(file, 'hello\n'), ':1: a master key is 32 bytes in base64'],
  ])('%s: it is not rotated', (_what, spoil, message) => {
    const { file } = setUp();
    spoil(file);
    const before = existsSync(file) ? readFileSync(file, 'utf8') : null;
    expect(() => rotateMasterKey(file)).toThrow(message);
    expect(existsSync(file) ? readFileSync(file, 'utf8') : null).toBe(before);
    expect(existsSync(`${file}.new`)).toBe(false);
  });

  test('what a rotation left that broke off is named, and stays', () => {
    const { file } = setUp();
    writeFileSync(`${file}.new`, 'half');
    const before = readFileSync(file, 'utf8');
    expect(() => rotateMasterKey(file)).toThrow(`"${file}.new" is there; another rotation is under way, or one broke off`);
    expect([readFileSync(file, 'utf8'), readFileSync(`${file}.new`, 'utf8')]).toEqual([before, 'half']);
  });

  test('two that rotate at the same moment lose no key', async () => {
    const { file } = setUp();
    const [old = ''] = linesOf(file);
    const script = `import('./src/adapters/rotate-master-key.ts').then((m) => m.rotateMasterKey(${JSON.stringify(file)})).catch(() => process.exit(3))`;
    const run = (): Promise<number> => promisify(execFile)(process.execPath, ['-e', script]).then(() => 0, () => 1); // prettier-ignore
    const failed = (await Promise.all([run(), run(), run()])).reduce((sum, one) => sum + one, 0);
    expect([linesOf(file).length, linesOf(file).at(-1)]).toEqual([1 + 3 - failed, old]);
    expect(existsSync(`${file}.new`)).toBe(false);
  });
});

describe('a running gateway', () => {
  test('seals with the new key once a second has passed, and opens what either has sealed', () => {
    const { file, log, clock, running, keyInUse } = setUp();
    const sealed = running.seal('p', 'o', 'old');
    const first = keyInUse();
    rotateMasterKey(file);
    const second = keyInUse(new FileSealer(file));
    clock.at = 999;
    expect(keyInUse()).toBe(first);
    clock.at = 1000;
    expect(keyInUse()).toBe(second);
    expect(second).not.toBe(first);
    expect(running.open('p', 'o', sealed)).toBe('old');
    expect([running.isNewest(sealed), running.isNewest(running.seal('p', 'o', 'x')), running.isNewest('other')]).toEqual([false, true, false]); // prettier-ignore
    expect(log.said.map(({ level, message }) => [level, message])).toEqual([['info', 'The master keys were read again']]);
    expect(JSON.stringify(log.said)).not.toContain(linesOf(file)[0]);
  });

  test('looks at once where it meets a key that it does not know', () => {
    const { file, running } = setUp();
    rotateMasterKey(file);
    expect(running.open('p', 'o', new FileSealer(file).seal('p', 'o', 'new'))).toBe('new');
  });

  test('a key that is taken out of the file opens nothing any more', () => {
    const { file, clock, running } = setUp();
    const sealed = running.seal('p', 'o', 'old');
    rotateMasterKey(file);
    writeFileSync(file, `${linesOf(file)[0] ?? ''}\n`);
    clock.at = 1000;
    expect(() => running.open('p', 'o', sealed)).toThrow('is not in the master key file');
  });

  test('reads a file again only where it was touched', () => {
    const { file, log, clock, running } = setUp();
    for (clock.at = 0; clock.at < 5000; clock.at += 700) running.seal('p', 'o', 'x');
    expect(log.said).toEqual([]);
    utimesSync(file, 1, 1);
    for (; clock.at < 10_000; clock.at += 700) running.seal('p', 'o', 'x');
    expect(log.said).toHaveLength(1);
  });

  test.each([
    ['half written', (file: string) => writeFileSync(file, 'AAAA')],
    ['gone', (file: string) => unlinkSync(file)],
    ['readable by others', (file: string) => chmodSync(file, 0o644)],
    ['a folder', (file: string) => (unlinkSync(file), mkdirSync(file))],
  ])('goes on with the keys it knows while the file is %s, says so once, and takes the next good one', (_what, spoil) => {
    const { file, log, clock, running, keyInUse } = setUp();
    const [sealed, first] = [running.seal('p', 'o', 'old'), keyInUse()];
    const good = readFileSync(file, 'utf8');
    spoil(file);
    for (clock.at = 1000; clock.at < 5000; clock.at += 1000) {
      expect([running.open('p', 'o', sealed), keyInUse()]).toEqual(['old', first]);
      expect(() => running.open('p', 'o', sealed.replace(first, 'AAAAAAAA'))).toThrow('is not in the master key file');
    }
    expect(log.said.map(({ level, message }) => [level, message])).toEqual([
      ['error', 'The master keys cannot be read again; the known ones stay'],
    ]);
    if (existsSync(file) && statSync(file).isDirectory()) return;
    writeFileSync(file, good);
    chmodSync(file, 0o600);
    rotateMasterKey(file);
    clock.at = 6000;
    expect(keyInUse()).not.toBe(first);
    expect(running.open('p', 'o', sealed)).toBe('old');
  });

  test('who derived a key keeps it, and gets the new one first when asking again', () => {
    const { file, clock, running } = setUp();
    const before = running.derive('cookies');
    rotateMasterKey(file);
    clock.at = 1000;
    running.seal('p', 'o', 'x');
    expect([before.length, running.derive('cookies').slice(1)]).toEqual([1, before]);
  });
});
