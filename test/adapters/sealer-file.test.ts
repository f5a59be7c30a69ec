// Sealing: what was sealed for one purpose and owner opens for nothing else, and keys rotate.

import { appendFileSync, chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createMasterKey, FileSealer } from '../../src/adapters/sealer-file.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

function keyFile(): string {
  const file = join(temporaryDirectory(), 'master.key');
  createMasterKey(file);
  return file;
}

test('a sealed value opens again, and looks different every time', () => {
  const sealer = new FileSealer(keyFile());
  const one = sealer.seal('totp', 'ada', 'säcret');
  expect(sealer.open('totp', 'ada', one)).toBe('säcret');
  expect(sealer.seal('totp', 'ada', 'säcret')).not.toBe(one);
  expect(one).toMatch(/^v1\.[\w-]{8}\.[\w-]{16}\.[\w-]+\.[\w-]{22}$/);
});

test.each([
  ['another owner', 'totp', 'bob'],
  ['another purpose', 'tokens', 'ada'],
  ['a border moved between purpose and owner', 'totpa', 'da'],
])('it does not open for %s', (_case, purpose, owner) => {
  const sealer = new FileSealer(keyFile());
  const sealed = sealer.seal('totp', 'ada', 'secret');
  expect(() => sealer.open(purpose, owner, sealed)).toThrow();
});

test.each([0, 1, 2, 3, 4])('it does not open once part %i was altered', (index) => {
  const sealer = new FileSealer(keyFile());
  const parts = sealer.seal('totp', 'ada', 'secret').split('.');
  const part = parts[index] ?? '';
  parts[index] = (part.startsWith('A') ? 'B' : 'A') + part.slice(1);
  expect(() => sealer.open('totp', 'ada', parts.join('.'))).toThrow();
});

test.each(['', 'v1', 'v1.a.b.c', 'v1.a.b.c.d.e', 'v2.a.b.c.d'])('%j is no sealed value', (sealed) => {
  expect(() => new FileSealer(keyFile()).open('totp', 'ada', sealed)).toThrow();
});

test('a shortened tag is refused, although the cipher itself would take it', () => {
  const sealer = new FileSealer(keyFile());
  const sealed = sealer.seal('totp', 'ada', 'secret');
  const short = sealed.slice(0, sealed.lastIndexOf('.') + 1) + sealed.slice(sealed.lastIndexOf('.') + 1).slice(0, 6);
  expect(() => sealer.open('totp', 'ada', short)).toThrow('damaged');
});

test('after a rotation new values use the first key and old ones still open', () => {
  const file = keyFile();
  const before = new FileSealer(file);
  const [derived] = before.derive('cookies');
  const sealed = before.seal('totp', 'ada', 'secret');
  const other = keyFile();
  const old = readFileSync(file, 'utf8');
  writeFileSync(file, readFileSync(other, 'utf8'));
  expect(() => new FileSealer(file).open('totp', 'ada', sealed)).toThrow('is not in the master key file');
  appendFileSync(file, old);
  const after = new FileSealer(file);
  expect(after.open('totp', 'ada', sealed)).toBe('secret');
  // A gateway that runs since before reads the file again where it meets a key it does not know.
  expect(before.open('totp', 'ada', after.seal('totp', 'ada', 'x'))).toBe('x');
  expect(after.derive('cookies')).toHaveLength(2);
  expect(after.derive('cookies')[1]).toBe(derived);
  expect(after.derive('other')[1]).not.toBe(derived);
});

test('a key file is made once, for its owner alone', () => {
  const file = keyFile();
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(() => {
    createMasterKey(file);
  }).toThrow(`Cannot create the master key "${file}": the file exists, and what it sealed would be lost`);
});

test.each([
  ['readable by others', (file: string) => chmodSync(file, 0o640), 'can be read by others (mode 0640); set its mode to 0600'],
  ['empty', (file: string) => writeFileSync(file, '\n'), 'must hold 1 to 32 keys'],
  ['too short a key', (file: string) => appendFileSync(file, 'c2hvcnQ=\n'), ':2: a master key is 32 bytes in base64'],
  ['something else', (file: string) => writeFileSync(file, 'x'.repeat(44)), ':1: a master key is 32 bytes in base64'],
  ['huge', (file: string) => writeFileSync(file, 'x'.repeat(10_000)), 'is larger than 8192 bytes'],
])('a file that is %s is refused with the fix', (_case, spoil, message) => {
  const file = keyFile();
  spoil(file);
  expect(() => new FileSealer(file)).toThrow(message);
});

test('a missing file is named, with the command that makes one', () => {
  expect(() => new FileSealer('/nowhere/master.key')).toThrow(
    '"/nowhere/master.key" does not exist; "wardgate keys init" makes one',
  );
});
