// The private key of an epoch on its way out: the next one is made beside it, takes its name, and the old bytes are written over
// before their name goes. Every step can be done again after a crash. What a disk keeps of overwritten bytes it does not know.

import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { SigningKey } from './audit-signing.ts';
import { syncDirectory } from './sync-directory.ts';
import { writeOwned } from './write-owned.ts';

/** The key that follows, from when it is named until the old one is gone. */
export function nextKeyFile(signingKeyFile: string): string {
  return `${signingKeyFile}.next`;
}

/** The old key while it is being destroyed. */
export function spentKeyFile(signingKeyFile: string): string {
  return `${signingKeyFile}.spent`;
}

export function readKey(path: string): SigningKey {
  const privateKey = createPrivateKey(readFileSync(path));
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

/** The key that follows, or null while none does. */
export function readNextKey(signingKeyFile: string): SigningKey | null {
  const path = nextKeyFile(signingKeyFile);
  return existsSync(path) ? readKey(path) : null;
}

/** Made and on the disk before anything tells of it. */
export function makeNextKey(signingKeyFile: string): SigningKey {
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  writeOwned(nextKeyFile(signingKeyFile), Buffer.from(pem), dirname(signingKeyFile));
  return readKey(nextKeyFile(signingKeyFile));
}

/** The next key takes the name of the old one, which is then destroyed. May be called again from wherever it was cut short. */
export function replaceKey(signingKeyFile: string): void {
  const [next, spent] = [nextKeyFile(signingKeyFile), spentKeyFile(signingKeyFile)];
  if (existsSync(next)) {
    // One inode with two names: renaming over the first would leave its bytes on the disk without a name to reach them by.
    if (!existsSync(spent)) linkSync(signingKeyFile, spent);
    syncDirectory(dirname(signingKeyFile));
    renameSync(next, signingKeyFile);
    syncDirectory(dirname(signingKeyFile));
  }
  destroySpentKey(signingKeyFile);
}

/** Nothing to do while the next key still waits: until then the spent one is the one in use. */
export function destroySpentKey(signingKeyFile: string): void {
  const spent = spentKeyFile(signingKeyFile);
  if (existsSync(nextKeyFile(signingKeyFile)) || !existsSync(spent)) return;
  overwrite(spent);
  rmSync(spent);
  syncDirectory(dirname(spent));
}

function overwrite(path: string): void {
  const { size } = statSync(path);
  const descriptor = openSync(path, 'r+');
  try {
    const noise = randomBytes(size);
    for (let written = 0; written < size;) written += writeSync(descriptor, noise, written, size - written, written);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
