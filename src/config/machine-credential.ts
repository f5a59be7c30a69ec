// Reads what a machine proves itself with: the fingerprints of its certificates, or the hash of its token. A token itself
// is read only to be hashed.

import { createHash, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { MachineCredential } from '../core/machines/machine.ts';
import { isMachineToken } from '../core/machines/read-machine-token.ts';
import type { GatewayFile } from './gateway-schema.ts';
import type { MachineEntry } from './machine-schema.ts';
import type { Reading } from './reading.ts';
import type { KeyPath } from './yaml-source.ts';

type Gateway = Reading<GatewayFile>;

const tokenKeys = ['tokenFile', 'tokenEnv', 'tokenHashFile'] as const;

/** Null where nothing can be said of it; the mistake has been told. */
export async function machineCredential(
  reading: Gateway,
  at: KeyPath,
  name: string,
  entry: MachineEntry,
): Promise<MachineCredential | null> {
  const tokens = tokenKeys.filter((key) => entry[key] !== undefined);
  const [first, second] = [...(entry.certificate === undefined ? [] : ['certificate']), ...tokens];
  if (first !== undefined && second !== undefined) {
    reading.keyMistake([...at, second], `Keys ${first} and ${second} stand together, keep one`);
    return null;
  }
  if (entry.certificate !== undefined) return byCertificate(reading, at, entry.certificate);
  if (first === undefined) {
    // One that is written wrongly was cut out and has been told of.
    if (!['certificate', ...tokenKeys].some((key) => reading.original([...at, key]) !== undefined)) {
      const fix = 'write certificate: lab.pem, or from: with its address and tokenHashFile:';
      reading.mistake(at, `Machine "${name}" has nothing to prove itself with, ${fix}`);
    }
    return null;
  }
  return byToken(reading, at, name, entry);
}

async function byCertificate(reading: Gateway, at: KeyPath, named: readonly string[]): Promise<MachineCredential | null> {
  const fingerprints: string[] = [];
  for (const [index, text] of named.entries()) {
    const path = reading.entry([...at, 'certificate'], index);
    const fingerprint = readFingerprint(text) ?? (await fileFingerprint(reading, path, text));
    if (fingerprint !== null) fingerprints.push(fingerprint);
  }
  return { by: 'certificate', fingerprints };
}

/** `AB:CD:…`, as OpenSSL writes it, or plain hex; null where it is none. */
function readFingerprint(text: string): string | null {
  const hex = text
    .replace(/^sha-?256[:=]\s*/i, '')
    .replaceAll(':', '')
    .toLowerCase();
  return /^[0-9a-f]{64}$/.test(hex) ? hex : null;
}

async function fileFingerprint(reading: Gateway, path: KeyPath, named: string): Promise<string | null> {
  if (/^[0-9A-Fa-f:]+$/.test(named)) {
    const fix = 'write the SHA-256 fingerprint with its 64 digits, or name the PEM file';
    reading.mistake(path, `Fingerprint "${named}" is not one of SHA-256, ${fix}`);
    return null;
  }
  const file = await reading.existing(path, named, 'Certificate file');
  const pem = file === null ? null : await readFile(file).catch(() => null);
  if (pem === null) return null;
  try {
    return new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase();
  } catch {
    reading.mistake(path, `File "${named}" holds no certificate, name the PEM file of the machine's certificate, not of its key`);
    return null;
  }
}

async function byToken(reading: Gateway, at: KeyPath, name: string, entry: MachineEntry): Promise<MachineCredential> {
  if (entry.tokenHashFile !== undefined) {
    const hash = (await reading.secret(at, 'tokenHash', { file: entry.tokenHashFile })) ?? '';
    if (hash !== '' && !/^[0-9a-f]{64}$/.test(hash)) {
      const fix = '"wardgate keys token" writes one';
      reading.mistake([...at, 'tokenHashFile'], `File "${entry.tokenHashFile}" must hold the SHA-256 of a token, ${fix}`);
    }
    return { by: 'token', tokenHash: hash };
  }
  const token = (await reading.secret(at, 'token', { file: entry.tokenFile, env: entry.tokenEnv })) ?? '';
  if (token !== '' && !isMachineToken(token)) {
    const key = entry.tokenFile === undefined ? 'tokenEnv' : 'tokenFile';
    const fix = 'it must be one of 256 random bits that "wardgate keys token" makes';
    reading.mistake([...at, key], `Token of machine "${name}" could be guessed, ${fix}`);
  }
  return { by: 'token', tokenHash: token === '' ? '' : createHash('sha256').update(token).digest('hex') };
}
