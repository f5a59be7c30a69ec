// Seals small secrets with keys from a file: AES-256-GCM whose additional data binds each value to its purpose and its
// owner, so that a sealed secret copied into another person's row does not open there. Keys that were put into the file
// meanwhile are used without a restart. Never logs a key or a plaintext.

import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import type { Clock, OperationsLog, Sealer } from '../ports.ts';
import { systemClock } from './clock-system.ts';
import { masterKeyBytes, readMasterKeys, stampOf } from './master-keys.ts';
import type { MasterKey, MasterKeyFile } from './master-keys.ts';

/** The file is looked at this often at most, and only when something is sealed or opened. */
const lookEveryMilliseconds = 1000;

export interface FileSealerOptions {
  /** Told when the file was read again, and once when it cannot be. */
  readonly log?: Pick<OperationsLog, 'info' | 'error'>;
  readonly clock?: Pick<Clock, 'monotonic'>;
}

/** Reads the master keys, one base64 line each; the first seals, all of them open, which is how keys rotate. */
export class FileSealer implements Sealer {
  readonly #file: string;
  readonly #log: Pick<OperationsLog, 'info' | 'error'> | null;
  readonly #clock: Pick<Clock, 'monotonic'>;
  #keys: readonly MasterKey[];
  /** By id, made once: to take up raw bytes each time costs several times what sealing does. */
  readonly #secrets = new Map<string, KeyObject>();
  /** The file as it was last read, well or badly: one that stays as it is is not read again. */
  #stamp: string;
  #lookedAt: number;

  /** Throws, naming the file and the fix, when it is missing, malformed or readable by others. */
  constructor(file: string, { log, clock = systemClock }: FileSealerOptions = {}) {
    this.#file = file;
    this.#log = log ?? null;
    this.#clock = clock;
    ({ keys: this.#keys, stamp: this.#stamp } = readMasterKeys(file));
    this.#lookedAt = clock.monotonic();
  }

  seal(purpose: string, owner: string, plaintext: string): string {
    this.#lookNowAndThen();
    const newest = this.#first();
    const { id } = newest;
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#secretOf(newest), iv, { authTagLength: 16 });
    cipher.setAAD(boundTo(purpose, owner));
    const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
    return ['v1', id, text(iv), text(ciphertext), text(cipher.getAuthTag())].join('.');
  }

  open(purpose: string, owner: string, sealed: string): string {
    const [version, id = '', iv, ciphertext, tag, ...rest] = sealed.split('.');
    if (version !== 'v1' || iv === undefined || ciphertext === undefined || tag === undefined || rest.length > 0) {
      throw new Error(`Cannot open a sealed value for "${purpose}": it is not in the form v1.key.iv.text.tag`);
    }
    this.#lookNowAndThen();
    const found = this.#keyFor(id);
    if (found === undefined) {
      throw new Error(`Cannot open a sealed value for "${purpose}": its key "${id}" is not in the master key file`);
    }
    const decipher = createDecipheriv('aes-256-gcm', this.#secretOf(found), bytes(iv, 12), { authTagLength: 16 });
    decipher.setAAD(boundTo(purpose, owner));
    decipher.setAuthTag(bytes(tag, 16));
    return Buffer.concat([decipher.update(Buffer.from(ciphertext, 'base64url')), decipher.final()]).toString('utf8');
  }

  /** False for a value that an older key has sealed, and for what is no sealed value. */
  isNewest(sealed: string): boolean {
    this.#lookNowAndThen();
    const [version, id] = sealed.split('.');
    return version === 'v1' && id === this.#first().id;
  }

  /**
   * A key for one purpose, per master key, newest first: what signs the small cookies. Base64url. Whoever asked keeps what
   * they got; a key that is rotated in counts for them after the next start.
   */
  derive(purpose: string): readonly string[] {
    return this.#keys.map(({ key }) => text(Buffer.from(hkdfSync('sha256', key, '', `wardgate ${purpose}`, masterKeyBytes))));
  }

  #secretOf({ id, key }: MasterKey): KeyObject {
    const known = this.#secrets.get(id) ?? createSecretKey(key);
    this.#secrets.set(id, known);
    return known;
  }

  #first(): MasterKey {
    const [first] = this.#keys;
    if (first === undefined) throw new Error('The master key file holds no key');
    return first;
  }

  /** An unknown key is looked for at once: another process may have sealed with a key of this very second. */
  #keyFor(id: string): MasterKey | undefined {
    const known = this.#keys.find((one) => one.id === id);
    if (known !== undefined) return known;
    this.#look();
    return this.#keys.find((one) => one.id === id);
  }

  #lookNowAndThen(): void {
    if (this.#clock.monotonic() - this.#lookedAt >= lookEveryMilliseconds) this.#look();
  }

  #look(): void {
    this.#lookedAt = this.#clock.monotonic();
    const stamp = stampOf(this.#file);
    if (stamp === this.#stamp) return;
    this.#stamp = stamp;
    try {
      const read: MasterKeyFile = readMasterKeys(this.#file);
      this.#keys = read.keys;
      this.#stamp = read.stamp;
      this.#log?.info({ file: this.#file, keys: read.keys.length }, 'The master keys were read again');
    } catch (cause) {
      // The keys that are known go on: a file that is being written must not lock everybody out.
      this.#log?.error({ file: this.#file, error: String(cause) }, 'The master keys cannot be read again; the known ones stay');
    }
  }
}

/** Makes a new master key file with mode 0600. Refuses to overwrite: everything sealed with the old key would be lost. */
export function createMasterKey(file: string): void {
  const descriptor = createOnly(file);
  try {
    writeSync(descriptor, `${randomBytes(masterKeyBytes).toString('base64')}\n`);
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

function isCode(cause: unknown, code: string): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === code;
}
