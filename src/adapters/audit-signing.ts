// The Ed25519 key of the day, which signs the head of the audit log and its tree. The private key stays with the gateway, the public one lies
// beside the log for whoever checks it. This file never replaces a key: a lost one is somebody's decision to make.

import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SignedHead } from '../core/audit/encode-head.ts';
import { readHead } from '../core/audit/encode-head.ts';
import type { OperationsLog } from '../ports.ts';
import { AuditLogRefused, errorCode } from './audit-refused.ts';

export interface SigningKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** The key in `path`, made there where none is and `mayMake` says so. Throws AuditLogRefused when it is lost or not Ed25519. */
export function loadSigningKey(path: string, mayMake: boolean, log: OperationsLog): SigningKey {
  if (!existsSync(path)) {
    if (!mayMake)
      throw new AuditLogRefused(`Cannot open the audit log: its signing key "${path}" is missing; restore it from the backup`);
    const { privateKey } = generateKeyPairSync('ed25519');
    writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { flag: 'wx', mode: 0o600 });
    log.info({ file: path }, 'A signing key for the audit log was made; back it up');
  }
  if ((statSync(path).mode & 0o077) !== 0) log.warn({ file: path }, 'The signing key of the audit log can be read by others');
  const privateKey = parseKey(path);
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

/** Lays the log's first public key beside it, where it is not there already. */
export function publishKey(directory: string, publicKey: KeyObject): void {
  const path = join(directory, 'audit-signing.pub');
  const pem = publicKey.export({ type: 'spki', format: 'pem' });
  if (!existsSync(path) || readFileSync(path, 'utf8') !== pem) writeFileSync(path, pem, { mode: 0o644 });
}

export function signText(key: SigningKey, text: string): string {
  return sign(null, Buffer.from(text), key.privateKey).toString('base64');
}

/** The head in a directory: absent, not readable as one or wrongly signed, or good. Throws system errors. */
export function loadHead(directory: string, keys: readonly KeyObject[]): SignedHead | 'absent' | 'unsound' {
  try {
    const head = readHead(readFileSync(join(directory, 'head.json'), 'latin1'));
    if (head === null) return 'unsound';
    return keys.some((key) => isHeadSigned(head, key)) ? head : 'unsound';
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return 'absent';
    throw cause;
  }
}

export function isHeadSigned({ signedText, signature }: SignedHead, publicKey: KeyObject): boolean {
  return verify(null, Buffer.from(signedText), publicKey, Buffer.from(signature, 'base64'));
}

/** What a person compares: the first 16 hex digits of the public key's SHA-256. */
export function keyFingerprint(publicKey: KeyObject): string {
  const der = publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(der).digest('hex').slice(0, 16);
}

function parseKey(path: string): KeyObject {
  const pem = readFileSync(path);
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch (cause) {
    throw new AuditLogRefused(`Cannot open the audit log: "${path}" is not a private key in PEM form`, { cause });
  }
  throw new AuditLogRefused(`Cannot open the audit log: the key in "${path}" is not an Ed25519 key`);
}
