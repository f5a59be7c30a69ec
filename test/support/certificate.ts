// Certificates for tests, made by openssl: self-signed, or signed by an authority made before.

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface CertificateFiles {
  /** Paths of PEM files. */
  readonly certificate: string;
  readonly key: string;
}

/** A certificate for the names (`DNS:…`, `IP:…`), signed by `authority` or by itself; it lies under `name` in the directory. */
export function makeCertificate(
  directory: string,
  name: string,
  options: { readonly names?: readonly string[]; readonly authority?: CertificateFiles; readonly isAuthority?: boolean } = {},
): CertificateFiles {
  const certificate = join(directory, `${name}.pem`);
  const key = join(directory, `${name}.key`);
  const names = options.names ?? ['DNS:localhost', 'IP:127.0.0.1'];
  const extensions = join(directory, `${name}.cnf`);
  const basic = `basicConstraints = critical, CA:${options.isAuthority === true ? 'TRUE' : 'FALSE'}`;
  writeFileSync(
    extensions,
    `[req]\ndistinguished_name = dn\nprompt = no\n[dn]\nCN = ${name}\n[ext]\nsubjectAltName = ${names.join(', ')}\n${basic}\n`,
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
    '2',
  ];
  const signed = options.authority === undefined ? [] : ['-CA', options.authority.certificate, '-CAkey', options.authority.key];
  execFileSync('openssl', ['req', '-x509', '-config', extensions, '-extensions', 'ext', ...keyed, ...signed], { stdio: 'pipe' });
  return { certificate, key };
}
