// Certificates for tests, made by openssl: self-signed, or signed by an authority made before.

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface CertificateFiles {
  /** Paths of PEM files. */
  readonly certificate: string;
  readonly key: string;
}

export interface CertificateOptions {
  readonly names?: readonly string[];
  readonly authority?: CertificateFiles;
  readonly isAuthority?: boolean;
  /** From now on; 2 unless given. */
  readonly days?: number;
  /** Where the authority's own certificate can be fetched. */
  readonly issuerAt?: string;
}

/** A certificate for the names (`DNS:…`, `IP:…`), signed by `authority` or by itself; it lies under `name` in the directory. */
export function makeCertificate(directory: string, name: string, options: CertificateOptions = {}): CertificateFiles {
  const certificate = join(directory, `${name}.pem`);
  const key = join(directory, `${name}.key`);
  const names = options.names ?? ['DNS:localhost', 'IP:127.0.0.1'];
  const extensions = join(directory, `${name}.cnf`);
  const basic = `basicConstraints = critical, CA:${options.isAuthority === true ? 'TRUE' : 'FALSE'}`;
  const issuer = options.issuerAt === undefined ? '' : `authorityInfoAccess = caIssuers;URI:${options.issuerAt}\n`;
  writeFileSync(
    extensions,
    `[req]\ndistinguished_name = dn\nprompt = no\n[dn]\nCN = ${name}\n[ext]\nsubjectAltName = ${names.join(', ')}\n${basic}\n${issuer}`,
  );
  const keyed = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-keyout',
    key,
    '-out',
    certificate,
    '-days',
    String(options.days ?? 2),
  ];
  const signed = options.authority === undefined ? [] : ['-CA', options.authority.certificate, '-CAkey', options.authority.key];
  execFileSync('openssl', ['req', '-x509', '-config', extensions, '-extensions', 'ext', ...keyed, ...signed], { stdio: 'pipe' });
  return { certificate, key };
}

/** The certificate, its key and what else is named as one PFX; RC2 as old Windows servers export it. */
export function makePfx(
  { certificate, key }: CertificateFiles,
  file: string,
  options: {
    readonly passphrase?: string;
    readonly chain?: string;
    readonly isOld?: boolean;
    readonly withoutKey?: boolean;
  } = {},
): string {
  const { passphrase = '', chain, isOld = false, withoutKey = false } = options;
  const more = [
    ...(chain === undefined ? [] : ['-certfile', chain]),
    ...(isOld ? ['-legacy'] : []),
    ...(withoutKey ? ['-nokeys'] : ['-inkey', key]),
  ];
  const args = ['pkcs12', '-export', '-in', certificate, ...more, '-passout', `pass:${passphrase}`, '-out', file];
  execFileSync('openssl', args, { stdio: 'pipe' });
  return file;
}
