// Reads the certificate that people see, from PEM files or from a PFX, and makes sure that it can be used: the key is its
// own, the passphrase opens it, and a handshake with it succeeds.

import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { CertificateFacts } from '../core/tls/certificate-facts.ts';
import { certificateForm } from './certificate-bytes.ts';
import type { CertificateForm } from './certificate-bytes.ts';
import { certificateFacts } from './certificate-chain.ts';
import { CertificateUnusable, pemUnusable, pfxUnusable } from './certificate-unusable.ts';
import type { CertificateFiles, CertificateKey } from './certificate-unusable.ts';

/** What Node's TLS is given. */
export interface CertificateBytes {
  readonly cert?: Buffer;
  readonly key?: Buffer;
  readonly pfx?: Buffer;
  readonly passphrase?: string;
}

export interface UsableCertificate {
  readonly bytes: CertificateBytes;
  readonly facts: CertificateFacts;
}

/** Of one file. */
const mostBytes = 1_048_576;

/**
 * `hosts` are the names in the addresses that people type; `authorities` are PEM texts of private ones. Rejects with
 * CertificateUnusable.
 */
export async function readCertificate(
  files: CertificateFiles,
  hosts: readonly string[],
  authorities: readonly string[],
): Promise<UsableCertificate> {
  const bytes = await bytesOf(files);
  const unusable = bytes.pfx === undefined ? pemUnusable : pfxUnusable;
  try {
    return { bytes, facts: await certificateFacts(createSecureContext(bytes), hosts, authorities) };
  } catch (cause) {
    throw unusable(files, cause);
  }
}

async function bytesOf({ certificateFile, keyFile, passphraseFile }: CertificateFiles): Promise<CertificateBytes> {
  const certificate = await read('certificate', 'Certificate file', certificateFile);
  const locked = passphraseFile === null ? {} : { passphrase: await passphraseIn(passphraseFile) };
  const form = certificateForm(certificate);
  if (form === 'pfx') return { pfx: certificate, ...locked };
  if (form !== 'pem') throw new CertificateUnusable('certificate', otherForm(form, certificateFile));
  if (keyFile === null) throw new CertificateUnusable('certificate', `The key of "${certificateFile}" is not named as keyFile`);
  const key = await read('keyFile', 'Key file', keyFile);
  if (!/-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[\s\S]+-----END /.test(key.toString('latin1')))
    throw new CertificateUnusable('keyFile', `Key file "${keyFile}" holds no whole private key in PEM`);
  return { cert: certificate, key, ...locked };
}

function otherForm(form: Exclude<CertificateForm, 'pem' | 'pfx'>, file: string): string {
  const what = `Certificate file "${file}"`;
  if (form === 'der') return `${what} is in binary form, turn it into PEM with: openssl x509 -inform der -in FILE -out ehr.pem`;
  if (form === 'pkcs7') {
    return `${what} is PKCS #7, turn it into PEM with: openssl pkcs7 -print_certs -in FILE -out ehr.pem (with -inform der where it is binary)`;
  }
  return `${what} holds no whole certificate, neither PEM nor PFX`;
}

async function passphraseIn(file: string): Promise<string> {
  const text = (await read('passphraseFile', 'Passphrase file', file)).toString('utf8').replace(/\r?\n$/, '');
  if (text === '') throw new CertificateUnusable('passphraseFile', `Passphrase file "${file}" is empty`);
  return text;
}

async function read(about: CertificateKey, what: string, file: string): Promise<Buffer> {
  let bytes;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new CertificateUnusable(about, `${what} "${file}" cannot be read (${code})`, cause, code);
  }
  if (bytes.length > mostBytes) throw new CertificateUnusable(about, `${what} "${file}" is larger than ${mostBytes} bytes`);
  return bytes;
}
