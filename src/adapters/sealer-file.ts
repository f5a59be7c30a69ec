// Seals small secrets with keys from a file: AES-256-GCM whose additional data binds each value to its purpose and its
// owner, so that a sealed secret copied into another person's row does not open there. Never logs a key or a plaintext.

import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import type { Sealer } from '../ports.ts';

const keyBytes = 32;
const maximumKeys = 32;
const maximumFileBytes = 8192;

interface MasterKey {
  readonly id: string;
  readonly key: Buffer;
}

/** Reads the master keys, one base64 line each; the first seals, all of them open, which is how keys rotate. */
export class FileSealer implements Sealer {
  readonly #keys: readonly MasterKey[];

  /** Throws, naming the file and the fix, when it is missing, malformed or readable by others. */
  constructor(file: string) {
    this.#keys = readKeys(file);
  }

  seal(purpose: string, owner: string, plaintext: string): string {
    const { id, key } = this.#first();
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: 16 });
    cipher.setAAD(boundTo(purpose, owner));
    const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
    return ['v1', id, text(iv), text(ciphertext), text(cipher.getAuthTag())].join('.');
  }

  open(purpose: string, owner: string, sealed: string): string {
    const [version, id, iv, ciphertext, tag, ...rest] = sealed.split('.');
    if (version !== 'v1' || iv === undefined || ciphertext === undefined || tag === undefined || rest.length > 0) {
      throw new Error(`Cannot open a sealed value for "${purpose}": it is not in the form v1.key.iv.text.tag`);
    }
    const found = this.#keys.find((one) => one.id === id);
    if (found === undefined) {
      throw new Error(`Cannot open a sealed value for "${purpose}": its key "${id ?? ''}" is not in the master key file`);
    }
    const decipher = createDecipheriv('aes-256-gcm', found.key, bytes(iv, 12), { authTagLength: 16 });
    decipher.setAAD(boundTo(purpose, owner));
    decipher.setAuthTag(bytes(tag, 16));
    return Buffer.concat([decipher.update(Buffer.from(ciphertext, 'base64url')), decipher.final()]).toString('utf8');
  }

  /** A key for one purpose, per master key, newest first: what signs the small cookies. Base64url. */
  derive(purpose: string): readonly string[] {
    return this.#keys.map(({ key }) => text(Buffer.from(hkdfSync('sha256', key, '', `wardgate ${purpose}`, keyBytes))));
  }

  #first(): MasterKey {
    const [first] = this.#keys;
    if (first === undefined) throw new Error('The master key file holds no key');
    return first;
  }
}

/** Makes a new master key file with mode 0600. Refuses to overwrite: everything sealed with the old key would be lost. */
export function createMasterKey(file: string): void {
  const descriptor = createOnly(file);
  try {
    writeSync(descriptor, `${randomBytes(keyBytes).toString('base64')}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function createOnly(file: string): number {
  try {
    return openSync(file, 'wx', 0o600);
  } catch (cause) {
    if (isCode(cause, 'EEXIST')) {
      throw new Error(`Cannot create the master key "${file}": the file exists, and what it sealed would be lost`, { cause });
    }
    throw new Error(`Cannot create the master key "${file}"`, { cause });
  }
}

function readKeys(file: string): readonly MasterKey[] {
  let content: string;
  try {
    const status = statSync(file);
    // Group or others reading the key is as good as no key. Windows keeps no such bits.
    if (process.platform !== 'win32' && (status.mode & 0o077) !== 0) {
      throw new Error(`The master key "${file}" can be read by others (mode ${octal(status.mode)}); set its mode to 0600`);
    }
    if (status.size > maximumFileBytes) throw new Error(`The master key "${file}" is larger than ${maximumFileBytes} bytes`);
    content = readFileSync(file, 'utf8');
  } catch (cause) {
    if (!isCode(cause, 'ENOENT')) throw cause;
    throw new Error(`The master key "${file}" does not exist; "wardgate keys init" makes one`, { cause });
  }
  const lines = content.split(/\r?\n/).filter((line) => line.trim() !== '');
  if (lines.length === 0 || lines.length > maximumKeys) {
    throw new Error(`The master key "${file}" must hold 1 to ${maximumKeys} keys, one a line, and holds ${lines.length}`);
  }
  return lines.map((line, index) => parseKey(line.trim(), file, index + 1));
}

function parseKey(line: string, file: string, number: number): MasterKey {
  const key = Buffer.from(line, 'base64');
  if (key.length !== keyBytes || !/^[A-Za-z0-9+/]{43}=$/.test(line)) {
    throw new Error(`${file}:${number}: a master key is ${keyBytes} bytes in base64; "wardgate keys init" makes one`);
  }
  const id = createHash('sha256').update('wardgate key id').update(key).digest('base64url').slice(0, 8);
  return { id, key };
}

/** Length-prefixed, so that no purpose and owner can be read as another pair. */
function boundTo(purpose: string, owner: string): Buffer {
  return Buffer.from(`${Buffer.byteLength(purpose)}:${purpose}:${owner}`, 'utf8');
}

function bytes(encoded: string, length: number): Buffer {
  const decoded = Buffer.from(encoded, 'base64url');
  if (decoded.length !== length) throw new Error(`A sealed value is damaged: ${decoded.length} bytes where ${length} belong`);
  return decoded;
}

function text(value: Buffer): string {
  return value.toString('base64url');
}

function octal(mode: number): string {
  return (mode & 0o777).toString(8).padStart(4, '0');
}

function isCode(cause: unknown, code: string): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === code;
}
