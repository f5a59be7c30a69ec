// The form of a backup against whoever can write to where it lies: nothing that was cut, moved, changed or added is taken for
// whole, and nothing in it leads outside the place it is restored to.

import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chunkBytes } from '../../src/adapters/backup-header.ts';
import type { BackupLock } from '../../src/adapters/backup-keys.ts';
import { readBackup } from '../../src/adapters/backup-read.ts';
import type { ReadBackup } from '../../src/adapters/backup-read.ts';
import { BackupSealing } from '../../src/adapters/backup-sealing.ts';
import { restoreBackup } from '../../src/adapters/restore-backup.ts';
import { manifestOf, sealArchive } from '../support/sealed-archive.ts';
import { seeded } from '../support/seeded.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const pair = () => {
  const { publicKey, privateKey } = generateKeyPairSync('x25519');
  return {
    locks: { pem: publicKey.export({ type: 'spki', format: 'pem' }).toString() },
    opens: { pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() },
  };
};
const keys = pair();
const sealedBytes = chunkBytes + 16;

/** What came out of a backup, by name. */
async function contentsOf(path: string, secret: BackupLock = keys.opens) {
  const files = new Map<string, Buffer>();
  const read = await readBackup(path, secret, {
    begin: () => Promise.resolve(),
    file: async ({ to }, content) => {
      const pieces: Buffer[] = [];
      for await (const piece of content) pieces.push(piece);
      files.set(to, Buffer.concat(pieces));
    },
  });
  return { ...read, files };
}

const body = Buffer.alloc(3 * chunkBytes, 'chart ');
const files = [
  { to: 'gateway.yaml', bytes: 10 },
  { to: 'data/empty', bytes: 0 },
  { to: 'data/large', bytes: body.length - 10 },
];

let folder: string;
let original: Buffer;
let headerBytes: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wardgate-backup-'));
  await sealArchive(join(folder, 'sound'), keys.locks, manifestOf(files), body);
  original = readFileSync(join(folder, 'sound'));
  headerBytes = original.indexOf(0x0a) + 1;
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Reads a file with these bytes. */
function reading(bytes: Uint8Array): Promise<ReadBackup> {
  const path = join(temporaryDirectory(), 'changed');
  writeFileSync(path, bytes);
  return contentsOf(path);
}

/** The chunks without the header. */
function chunks(): Buffer[] {
  const found: Buffer[] = [];
  for (let at = headerBytes; at < original.length; at += sealedBytes) found.push(original.subarray(at, at + sealedBytes));
  return found;
}

test('what went in comes out, and the sums are those of the file', async () => {
  const read = await contentsOf(join(folder, 'sound'));
  expect([...read.files].map(([name, bytes]) => [name, bytes.length])).toEqual(files.map(({ to, bytes }) => [to, bytes]));
  expect(Buffer.concat([...read.files.values()]).equals(body)).toBe(true);
  expect(read.bytes).toBe(original.length);
  expect(read.sha256).toBe(createHash('sha256').update(original).digest('hex'));
  expect(original.includes('gateway.yaml')).toBe(false);
});

test('two backups of the same have nothing in common', async () => {
  const other = join(temporaryDirectory(), 'other');
  await sealArchive(other, keys.locks, manifestOf(files), body);
  expect(readFileSync(other).subarray(headerBytes, headerBytes + 64)).not.toEqual(
    original.subarray(headerBytes, headerBytes + 64),
  );
});

describe('a backup that was', () => {
  test('cut off at any chunk, or near one, is not whole', async () => {
    expect(chunks()).toHaveLength(4);
    const ends = chunks().map((_chunk, index) => headerBytes + index * sealedBytes);
    const cuts = ends.flatMap((end) => [end - 1, end, end + 1, end + 15, end + 16, end + 17]).filter((end) => end >= headerBytes);
    for (const end of [...cuts, original.length - 1])
      await expect(reading(original.subarray(0, end)), `cut at ${end}`).rejects.toThrow('cut off');
  });

  test('cut off between two chunks is told from one that was damaged', async () => {
    const end = headerBytes + 2 * sealedBytes;
    await expect(reading(original.subarray(0, end))).rejects.toThrow(`it was cut off at byte ${end}`);
  });

  test.each([
    ['put in another order', ([a, b, c, d]: Buffer[]) => [a, c, b, d]],
    ['repeated', ([a, b, c, d]: Buffer[]) => [a, b, b, c, d]],
    ['left out', ([a, , c, d]: Buffer[]) => [a, c, d]],
    ['ended early by its last chunk', ([a, b, , d]: Buffer[]) => [a, b, d]],
    ['begun anew behind its end', ([a, b, c, d]: Buffer[]) => [a, b, c, d, a, b, c, d]],
  ])('%s is not whole', async (_what, change) => {
    const changed = change(chunks()).map((chunk) => chunk ?? Buffer.alloc(0));
    await expect(reading(Buffer.concat([original.subarray(0, headerBytes), ...changed]))).rejects.toThrow(/damaged or cut off/);
  });

  test('put together from two is not whole', async () => {
    const other = join(temporaryDirectory(), 'other');
    await sealArchive(other, keys.locks, manifestOf(files), body);
    const foreign = readFileSync(other).subarray(headerBytes + sealedBytes, headerBytes + 2 * sealedBytes);
    const [first = Buffer.alloc(0), , ...rest] = chunks();
    await expect(reading(Buffer.concat([original.subarray(0, headerBytes), first, foreign, ...rest]))).rejects.toThrow('damaged');
  });

  test('changed in one bit anywhere is not whole', async () => {
    const random = seeded(3);
    const places = Array.from({ length: 60 }, () => Math.floor(random() * original.length));
    for (const place of [...places, 0, headerBytes - 2, headerBytes, original.length - 1]) {
      const changed = Buffer.from(original);
      changed.writeUInt8(changed.readUInt8(place) ^ 1, place);
      await expect(reading(changed), `byte ${place}`).rejects.toThrow();
    }
  });

  test('given more behind its end is not whole', async () => {
    await expect(reading(Buffer.concat([original, Buffer.from('x')]))).rejects.toThrow('damaged or cut off');
  });

  test('no backup at all is named as that', async () => {
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.from('{}\n'),
      Buffer.alloc(100_000, 'a'),
      Buffer.from('{"wardgateBackup":"1"}\n'),
    ]) {
      await expect(reading(bytes)).rejects.toThrow('it is no backup of Wardgate');
    }
  });

  test('made in a later form asks for a newer program', async () => {
    await expect(reading(Buffer.from('{"wardgateBackup":2,"anything":1}\n'))).rejects.toThrow(
      'it has form 2, and this program reads form 1',
    );
  });

  test.each([
    ['n', 2 ** 30],
    ['n', 1024],
    ['r', 1_000_000],
    ['p', 64],
  ])('told to ask for %s = %i of whoever opens it is refused before it does', async (name, value) => {
    const key = { by: 'passphrase', salt: 'a'.repeat(43), n: 131_072, r: 8, p: 1, [name]: value };
    const line = `${JSON.stringify({ wardgateBackup: 1, cipher: 'aes-256-gcm', chunkBytes, key })}\n`;
    await expect(reading(Buffer.from(line))).rejects.toThrow('its first line was changed or damaged');
  });
});

describe('a lock', () => {
  const lock = { passphrase: 'correct horse battery' };

  test('of a passphrase opens with that passphrase alone', async () => {
    const path = join(temporaryDirectory(), 'backup');
    await sealArchive(path, lock, manifestOf([]), Buffer.alloc(0));
    expect((await contentsOf(path, lock)).manifest.host).toBe('gate');
    await expect(contentsOf(path, { passphrase: 'correct horse batterY' })).rejects.toThrow(
      'the passphrase or key is not the one it was locked with',
    );
    await expect(contentsOf(path)).rejects.toThrow('it is locked with a passphrase, name its file with --passphrase-file');
  });

  test('of a key opens with its private half alone, also for whoever made it', async () => {
    const path = join(folder, 'sound');
    await expect(contentsOf(path, pair().opens)).rejects.toThrow('it is locked for another key than this one');
    await expect(contentsOf(path, lock)).rejects.toThrow('it is locked for the holder of a key, name its file with --key');
    await expect(contentsOf(path, keys.locks)).rejects.toThrow('is no private key of the kind X25519');
  });

  test('that would not hold is refused before anything is written', async () => {
    const path = join(temporaryDirectory(), 'backup');
    const rsa = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const refused: [BackupLock, string][] = [
      [{ passphrase: 'short' }, 'the passphrase must have at least 12 characters'],
      [keys.opens, 'the key is private: name its public half'],
      [{ pem: rsa }, 'is no public key of the kind X25519'],
      [{ pem: 'hello' }, 'is no public key of the kind X25519'],
    ];
    for (const [bad, why] of refused) {
      await expect(sealArchive(path, bad, manifestOf([]), Buffer.alloc(0))).rejects.toThrow(why);
      expect(readFileSync(path)).toHaveLength(0);
      rmSync(path);
    }
  });
});

describe('a manifest that lies', () => {
  const hostile = ['../outside', 'a/../../outside', '/tmp/outside', 'a//b', './a', 'a/.', '', 'a\\..\\b', 'a\nb', 'a/'];

  test.each(hostile)('puts nothing at %j', async (to) => {
    const directory = temporaryDirectory();
    await sealArchive(join(directory, 'backup'), keys.locks, manifestOf([{ to, bytes: 4 }]), Buffer.from('evil'));
    const restored = restoreBackup({
      file: join(directory, 'backup'),
      to: join(directory, 'in', 'to'),
      secret: keys.opens,
      by: 'ada',
    });
    await expect(restored).rejects.toThrow('it does not say what is in it in a form that this program knows');
    expect(readdirSync(directory).toSorted()).toEqual(['backup', 'in']);
  });

  test.each([
    [
      'names a file twice',
      manifestOf([
        { to: 'a', bytes: 1 },
        { to: 'a', bytes: 1 },
      ]),
      'xx',
      'it names a file twice',
    ],
    ['says more than there is', manifestOf([{ to: 'a', bytes: 3 }]), 'xx', 'cut off'],
    ['says less than there is', manifestOf([{ to: 'a', bytes: 1 }]), 'xx', 'it holds more than it says'],
    ['is none', 'hello', '', 'in a form that this program knows'],
    ['is of nothing', {}, '', 'in a form that this program knows'],
  ])('%s: nothing is restored', async (_what, manifest, bytes, why) => {
    const directory = temporaryDirectory();
    await sealArchive(join(directory, 'backup'), keys.locks, manifest, Buffer.from(bytes));
    const restored = restoreBackup({ file: join(directory, 'backup'), to: join(directory, 'to'), secret: keys.opens, by: 'ada' });
    await expect(restored).rejects.toThrow(why);
    expect(readdirSync(directory)).toEqual(['backup']);
  });

  test('longer than any is refused before it is read', async () => {
    const path = join(temporaryDirectory(), 'backup');
    const file = await open(path, 'wx');
    const sealing = await BackupSealing.begin(file, keys.locks);
    await sealing.write(Buffer.from([255, 255, 255, 255]));
    await sealing.end();
    await file.close();
    await expect(contentsOf(path)).rejects.toThrow('its manifest is longer than any this program writes');
  });
});
