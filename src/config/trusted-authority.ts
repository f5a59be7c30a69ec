// Judges a PEM file of private authorities (`trust:`): Node passes over what it cannot read there, and then the EHR or the
// provider is simply not believed, long after anybody looked at the file.

import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { judgeCertificate } from '../core/tls/judge-certificate.ts';
import { certificateForm } from './certificate-bytes.ts';
import type { Reading } from './reading.ts';
import type { KeyPath } from './yaml-source.ts';

const pemBlock = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** The absolute path of the file, or null where none is named; what is wrong with it is a mistake. */
export async function trustedAuthority(
  reading: Reading<unknown>,
  path: KeyPath,
  named: string | undefined,
): Promise<string | null> {
  const file = await reading.existing(path, named, 'Certificate file');
  const bytes = file === null ? null : await readFile(file).catch(() => null);
  if (file === null || bytes === null) return file;
  const problem = problemOf(bytes);
  if (problem !== null) reading.mistake(path, `Certificate file "${named}" ${problem}`);
  else for (const warning of endings(bytes)) reading.warning(path, `Certificate file "${named}": ${warning}`);
  return file;
}

/** What is wrong with it, as the end of a sentence; null where nothing is. */
function problemOf(bytes: Buffer): string | null {
  const form = certificateForm(bytes);
  if (form === 'der') return 'is in binary form, turn it into PEM with: openssl x509 -inform der -in FILE -out ca.pem';
  const blocks = blocksOf(bytes);
  if (blocks.length === 0) return 'holds no certificate in PEM';
  const unreadable = blocks.findIndex((block) => certificateIn(block) === null);
  return unreadable < 0 ? null : `holds a certificate that cannot be read, the ${ordinal(unreadable)} of ${blocks.length}`;
}

/** Of authorities that have ended or will soon: from then on nothing that they signed is believed. */
function endings(bytes: Buffer): readonly string[] {
  return blocksOf(bytes).flatMap((block) => {
    const authority = certificateIn(block);
    if (authority === null) return [];
    const notBefore = authority.validFromDate.getTime();
    const time = { notBefore, notAfter: authority.validToDate.getTime() };
    const told = { subject: '', issuer: '', serial: '', names: [], uncovered: [], isSelfSigned: false, missing: null };
    const subject = authority.subject.replaceAll('\n', ', ');
    return judgeCertificate({ ...told, ...time }, Date.now()).map(({ says }) => `${says} ("${subject}")`);
  });
}

function blocksOf(bytes: Buffer): readonly string[] {
  return bytes.toString('latin1').match(pemBlock) ?? [];
}

function certificateIn(block: string): X509Certificate | null {
  try {
    return new X509Certificate(block);
  } catch {
    return null;
  }
}

function ordinal(index: number): string {
  return ['first', 'second', 'third'][index] ?? `${index + 1}th`;
}
