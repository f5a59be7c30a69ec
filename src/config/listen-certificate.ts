// Finds the certificate that people see, and judges it before anything listens: what cannot be used is a mistake, what their
// browsers will not accept a warning.

import { readFile } from 'node:fs/promises';
import { judgeCertificate } from '../core/tls/judge-certificate.ts';
import { certificateForm, isNamedPfx } from './certificate-bytes.ts';
import { CertificateUnusable } from './certificate-unusable.ts';
import type { CertificateFiles } from './certificate-unusable.ts';
import type { GatewayFile } from './gateway-schema.ts';
import { readCertificate } from './read-certificate.ts';
import type { Reading } from './reading.ts';
import type { ApplicationSettings, ListenSettings } from './settings.ts';

type Gateway = Reading<GatewayFile>;
type Named = Pick<ListenSettings, 'certificateFile' | 'keyFile' | 'passphraseFile'>;

export const noCertificate: Named = { certificateFile: null, keyFile: null, passphraseFile: null };

/** Where TLS ends here. */
export async function listenCertificate(reading: Gateway, applications: readonly ApplicationSettings[]): Promise<Named> {
  const listen = reading.value.listen ?? {};
  const pfx = await isPfx(reading, listen.certificate);
  checkKeys(reading, applications, pfx);
  const certificateFile = await reading.existing(['listen', 'certificate'], listen.certificate, 'Certificate file');
  const keyFile = pfx ? null : await reading.existing(['listen', 'keyFile'], listen.keyFile, 'Key file');
  const passphraseFile = await reading.existing(['listen', 'passphraseFile'], listen.passphraseFile, 'Passphrase file');
  if (certificateFile !== null && (pfx || keyFile !== null))
    await judge(reading, { certificateFile, keyFile, passphraseFile }, applications);
  return { certificateFile, keyFile, passphraseFile };
}

/** By what stands in it, or by its name where it cannot be read. */
async function isPfx(reading: Gateway, named: string | undefined): Promise<boolean> {
  if (named === undefined) return false;
  const bytes = await readFile(reading.resolve(named)).catch(() => null);
  return bytes === null ? isNamedPfx(named) : certificateForm(bytes) === 'pfx';
}

function checkKeys(reading: Gateway, applications: readonly ApplicationSettings[], pfx: boolean): void {
  const listen = reading.value.listen ?? {};
  if (pfx && listen.keyFile !== undefined) {
    reading.keyMistake(['listen', 'keyFile'], `The PFX file "${listen.certificate}" holds its key itself, delete keyFile`);
  }
  const lacking = [
    ...(listen.certificate === undefined ? ['certificate'] : []),
    ...(listen.keyFile === undefined && !pfx ? ['keyFile'] : []),
  ];
  if (lacking.length === 0) return;
  const fix = 'or tlsEndedBy: with the addresses of the proxy in front';
  const addressed = applications.find(({ secure }) => secure)?.name ?? '';
  const at = reading.original(['listen']) === undefined ? ['applications', addressed, 'address'] : ['listen'];
  reading.mistake(at, `An https address needs ${lacking.join(' and ')} under listen, ${fix}`);
}

async function judge(reading: Gateway, files: CertificateFiles, applications: readonly ApplicationSettings[]): Promise<void> {
  try {
    const { facts } = await readCertificate(files, hostsOf(applications), await authoritiesOf(applications));
    for (const { says, fix } of judgeCertificate(facts, Date.now())) {
      reading.warning(['listen', 'certificate'], `Certificate "${reading.value.listen?.certificate}": ${says}; ${fix}`);
    }
  } catch (cause) {
    if (!(cause instanceof CertificateUnusable)) throw cause;
    const path = ['listen', cause.about];
    // One that is not there was told already.
    if (cause.unreadable === null) reading.mistake(path, cause.message);
    else if (cause.unreadable !== 'ENOENT') reading.absent(path, cause.message);
  }
}

/** The names that people's browsers look for in the certificate. */
export function hostsOf(applications: Iterable<ApplicationSettings>): readonly string[] {
  return [...new Set([...applications].map(({ origin }) => new URL(origin).hostname))];
}

/** PEM texts of what is named as `trust`; what cannot be read is none, and told where it is named. */
export async function authoritiesOf(applications: Iterable<ApplicationSettings>): Promise<readonly string[]> {
  const files = [...new Set([...applications].flatMap(({ trustFile }) => trustFile ?? []))];
  const texts = await Promise.all(files.map((file) => readFile(file, 'latin1').catch(() => '')));
  return texts.flatMap((text) => text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? []);
}
