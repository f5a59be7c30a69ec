// Several small files written together are each whole or not there, and what a killed process left of them goes.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeOwnedTogether } from '../../src/adapters/write-owned.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'wardgate-owned-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const bytes = (text: string): Buffer => Buffer.from(text);

/** The number of a process that is gone. */
function goneProcess(): number {
  return spawnSync(process.execPath, ['--version']).pid;
}

describe('files written together', () => {
  it('replace what was there, in several directories, for their owner alone', () => {
    mkdirSync(join(directory, 'a'));
    writeFileSync(join(directory, 'a', '1'), 'old');
    const files = ['a/1', 'a/2', '3'].map((name) => ({ path: join(directory, name), bytes: bytes(name) }));
    writeOwnedTogether(files, directory);
    for (const { path, bytes: written } of files) {
      expect(readFileSync(path)).toEqual(written);
      expect(statSync(path).mode & 0o777).toBe(0o600);
    }
    expect(readdirSync(directory).sort()).toEqual(['3', 'a']);
  });

  it('take with them what a process that is gone left of the same names, and of no others', () => {
    const gone = goneProcess();
    const running = process.ppid;
    for (const name of [`1-${gone}`, `1-${running}`, `2-${gone}`, `1-x`, `1`, `-${gone}`])
      writeFileSync(join(directory, name), '');
    writeOwnedTogether([{ path: join(directory, '1'), bytes: bytes('new') }], directory);
    expect(readdirSync(directory).sort()).toEqual([`1`, `1-x`, `1-${running}`, `2-${gone}`, `-${gone}`].sort());
  });

  it('leave nothing half done where one cannot be written, and those before it whole', () => {
    mkdirSync(join(directory, '2'));
    const files = ['1', '2', '3'].map((name) => ({ path: join(directory, name), bytes: bytes(name) }));
    expect(() => writeOwnedTogether(files, directory)).toThrow('EISDIR');
    expect(readdirSync(directory).sort()).toEqual(['1', '2']);
    expect(readFileSync(join(directory, '1'), 'utf8')).toBe('1');
  });
});
