// Tells what the bytes of a certificate file are: PEM text, a PFX (PKCS #12) as Windows exports it, or one of the other forms
// in which authorities send certificates and which no server can use as they are.

export type CertificateForm = 'pem' | 'pfx' | 'der' | 'pkcs7' | 'nothing';

/** By its first bytes: a PFX begins with its version, a bare certificate with a sequence, PKCS #7 with an identifier. */
export function certificateForm(bytes: Buffer): CertificateForm {
  const text = bytes.toString('latin1');
  if (text.includes('-----BEGIN PKCS7-----')) return 'pkcs7';
  if (/-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----/.test(text)) return 'pem';
  if (bytes[0] !== 0x30) return 'nothing';
  const first = bytes[headerLength(bytes)];
  if (first === 0x02) return 'pfx';
  if (first === 0x30) return 'der';
  return first === 0x06 ? 'pkcs7' : 'nothing';
}

/** Of an ASN.1 sequence: X.690, 8.1.3. */
function headerLength(bytes: Buffer): number {
  const length = bytes[1] ?? 0;
  return length <= 0x80 ? 2 : 2 + (length & 0x7f);
}

/** By its name alone, where it cannot be read. */
export function isNamedPfx(file: string): boolean {
  return /\.(?:pfx|p12)$/i.test(file);
}
