// A certificate that cannot be used at all, in words that name the file and the fix: what OpenSSL says of one ("key values
// mismatch", "mac verify failure") helps nobody who renews a certificate once a year.

/** The files of one certificate, by absolute path. A PFX holds its key itself. */
export interface CertificateFiles {
  readonly certificateFile: string;
  readonly keyFile: string | null;
  readonly passphraseFile: string | null;
}

export type CertificateKey = 'certificate' | 'keyFile' | 'passphraseFile';

export class CertificateUnusable extends Error {
  /** The key of gateway.yaml that names what is wrong. */
  readonly about: CertificateKey;
  /** The system's code where a file could not be read at all, such as EACCES; null where it was read. */
  readonly unreadable: string | null;

  constructor(about: CertificateKey, message: string, cause?: unknown, unreadable: string | null = null) {
    super(message, cause === undefined ? {} : { cause });
    this.about = about;
    this.unreadable = unreadable;
  }
}

/** What Node said of a pair of PEM files. */
export function pemUnusable({ certificateFile, keyFile, passphraseFile }: CertificateFiles, cause: unknown): CertificateUnusable {
  const { code, message } = told(cause);
  const unusable = (about: CertificateKey, text: string) => new CertificateUnusable(about, text, cause);
  if (code === 'ERR_OSSL_X509_KEY_VALUES_MISMATCH' || code === 'ERR_OSSL_X509_KEY_TYPE_MISMATCH') {
    const own = 'the certificate that belongs to the key must stand first in its file, and its intermediates behind it';
    return unusable('keyFile', `Key file "${keyFile}" is not the key of the certificate in "${certificateFile}"; ${own}`);
  }
  // Node tells a wrong passphrase and none at all alike.
  if (/BAD_DECRYPT|INTERRUPTED_OR_CANCELLED|MISSING_PASSPHRASE/.test(code)) {
    return passphraseFile === null
      ? unusable('keyFile', `Key file "${keyFile}" is encrypted, name the file with its passphrase as passphraseFile`)
      : unusable('passphraseFile', `The passphrase in "${passphraseFile}" does not open the key file "${keyFile}"`);
  }
  if (/^ERR_OSSL_(?:PEM|ASN1)_/.test(code))
    return unusable('certificate', `Certificate file "${certificateFile}" is damaged or not whole`);
  return unusable('certificate', `Certificate file "${certificateFile}" and its key "${keyFile}" cannot be used: ${message}`);
}

/** What Node said of a PFX. */
export function pfxUnusable({ certificateFile, passphraseFile }: CertificateFiles, cause: unknown): CertificateUnusable {
  const { code, message } = told(cause);
  const pfx = `PFX file "${certificateFile}"`;
  const unusable = (about: CertificateKey, text: string) => new CertificateUnusable(about, text, cause);
  if (message.includes('mac verify failure')) {
    return passphraseFile === null
      ? unusable('certificate', `${pfx} is locked by a passphrase, name the file with it as passphraseFile`)
      : unusable('passphraseFile', `The passphrase in "${passphraseFile}" does not open the ${pfx}`);
  }
  if (code === 'ERR_CRYPTO_UNSUPPORTED_OPERATION') {
    const fix = 'export it again and choose AES256-SHA256 as its encryption, as Windows Server 2019 and newer offer';
    return unusable('certificate', `${pfx} is locked by RC2, which is not accepted any more; ${fix}`);
  }
  if (/private key/i.test(message)) {
    return unusable('certificate', `${pfx} holds no private key; export it again together with its key`);
  }
  return unusable('certificate', `${pfx} is damaged or not whole: ${message}`);
}

function told(cause: unknown): { readonly code: string; readonly message: string } {
  if (!(cause instanceof Error)) return { code: '', message: String(cause) };
  return { code: 'code' in cause ? String(cause.code) : '', message: cause.message };
}
