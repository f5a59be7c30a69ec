// How recovery codes are written: 128 bits in Crockford's base 32, in groups that a person can read out. Making the
// bits and hashing them is done elsewhere.

/** Crockford's alphabet: no I, L, O or U, so that handwriting is not misread. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const characters = 26;
const bytesPerCode = 16;
const groupLength = 5;

/** Codes given out with an enrolment. */
export const recoveryCodeCount = 10;

/** `bytes` are 16 random bytes. Returns the code as it is shown: `7ZK3Q-…`. Throws on any other length. */
export function formatRecoveryCode(bytes: Uint8Array): string {
  if (bytes.length !== bytesPerCode) throw new Error(`A recovery code is made of ${bytesPerCode} bytes, not ${bytes.length}`);
  let bits = 0n;
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte);
  let code = '';
  for (let place = characters - 1; place >= 0; place -= 1) code += alphabet.charAt(Number((bits >> BigInt(5 * place)) & 31n));
  const groups: string[] = [];
  for (let at = 0; at < code.length; at += groupLength) groups.push(code.slice(at, at + groupLength));
  return groups.join('-');
}

/** What a person typed, in the one form that is hashed; null when it is no recovery code. I and L read as 1, O as 0. */
export function normaliseRecoveryCode(typed: string): string | null {
  if (typed.length > 100) return null;
  const plain = typed.replaceAll(/[\s-]/g, '').toUpperCase().replaceAll(/[IL]/g, '1').replaceAll('O', '0');
  if (plain.length !== characters) return null;
  for (const character of plain) if (!alphabet.includes(character)) return null;
  // Only ASCII folds above; a character such as the dotless i must not become a letter of the alphabet.
  return /^[\x20-\x7e]*$/.test(typed) ? plain : null;
}
