// How the key of one backup is made and found again: from a passphrase (scrypt, RFC 7914), or for the holder of a private key
// (X25519, RFC 7748, and HKDF, RFC 5869), so that the machine that makes backups cannot read them. Each backup has its own.

import { createHash, createPrivateKey, createPublicKey, diffieHellman, generateKeyPairSync, hkdfSync, randomBytes, scryptSync } from 'node:crypto'; // prettier-ignore
import type { KeyObject } from 'node:crypto';
import type { KeyDescription } from './backup-header.ts';
import { BackupRefused } from './backup-refused.ts';

/** What locks or opens a backup: a passphrase, or a key in PEM form (public to lock, private to open). */
export type BackupLock = { readonly passphrase: string } | { readonly pem: string };

/** Whoever has just made a backup has its very key, and can read it back also where it is locked for somebody else. */
export type BackupSecret = BackupLock | { readonly key: Buffer };

const keyBytes = 32;
const saltBytes = 32;
/** 128 MiB of memory for each guess. */
const cost = { n: 131_072, r: 8, p: 1 } as const;
/** Shorter ones are guessed, whatever a guess costs. */
export const shortestPassphrase = 12;

/** A new key, and what tells how to find it. Throws BackupRefused where the secret will not do. */
export function makeBackupKey(secret: BackupLock): { readonly key: Buffer; readonly description: KeyDescription } {
  if ('passphrase' in secret) {
    if (secret.passphrase.length < shortestPassphrase) {
      throw new BackupRefused(`the passphrase must have at least ${shortestPassphrase} characters`);
    }
    const salt = randomBytes(saltBytes).toString('base64url');
    const description = { by: 'passphrase', salt, ...cost } as const;
    return { key: fromPassphrase(secret.passphrase, description), description };
  }
  const recipient = readKey(secret.pem, 'public');
  const own = generateKeyPairSync('x25519');
  const description = { by: 'recipient', recipient: fingerprint(recipient), ephemeral: der(own.publicKey).toString('base64url') } as const; // prettier-ignore
  return { key: agreed(own.privateKey, recipient, own.publicKey, recipient), description };
}

/** The key of a backup. Throws BackupRefused where the secret is of another kind or pair; a wrong passphrase shows later. */
export function findBackupKey(secret: BackupSecret, description: KeyDescription): Buffer {
  if ('key' in secret) return secret.key;
  if (description.by === 'passphrase') {
    if (!('passphrase' in secret))
      throw new BackupRefused('it is locked with a passphrase, name its file with --passphrase-file');
    return fromPassphrase(secret.passphrase, description);
  }
  if (!('pem' in secret)) throw new BackupRefused('it is locked for the holder of a key, name its file with --key');
  const own = readKey(secret.pem, 'private');
  const recipient = createPublicKey(own);
  if (fingerprint(recipient) !== description.recipient) {
    throw new BackupRefused(`it is locked for another key than this one (${description.recipient})`);
  }
  const bytes = Buffer.from(description.ephemeral, 'base64url');
  const ephemeral = x25519(() => createPublicKey({ key: bytes, format: 'der', type: 'spki' }), 'its first line was changed');
  return agreed(own, ephemeral, ephemeral, recipient);
}

type Scrypt = Extract<KeyDescription, { by: 'passphrase' }>;

function fromPassphrase(passphrase: string, { salt, n, r, p }: Scrypt): Buffer {
  const maxmem = 256 * n * r;
  return scryptSync(passphrase, Buffer.from(salt, 'base64url'), keyBytes, { N: n, r, p, maxmem });
}

function agreed(privateKey: KeyObject, publicKey: KeyObject, ephemeral: KeyObject, recipient: KeyObject): Buffer {
  const shared = diffieHellman({ privateKey, publicKey });
  const salt = Buffer.concat([der(ephemeral), der(recipient)]);
  return Buffer.from(hkdfSync('sha256', shared, salt, 'wardgate backup', keyBytes));
}

function readKey(pem: string, kind: 'public' | 'private'): KeyObject {
  const fix = `is no ${kind} key of the kind X25519 in PEM form; docs/operations.md tells how to make one`;
  // A private key where the public one belongs would be readable to the machine that must not read its own backups.
  if (kind === 'public' && pem.includes('PRIVATE KEY')) throw new BackupRefused('the key is private: name its public half');
  return x25519(() => (kind === 'public' ? createPublicKey(pem) : createPrivateKey(pem)), `the key ${fix}`);
}

function x25519(make: () => KeyObject, otherwise: string): KeyObject {
  let key;
  try {
    key = make();
  } catch (cause) {
    throw new BackupRefused(otherwise, { cause });
  }
  if (key.asymmetricKeyType !== 'x25519') throw new BackupRefused(otherwise);
  return key;
}

function fingerprint(publicKey: KeyObject): string {
  return createHash('sha256').update(der(publicKey)).digest('base64url').slice(0, 22);
}

function der(publicKey: KeyObject): Buffer {
  return publicKey.export({ type: 'spki', format: 'der' });
}
