// Crockford's base 32, for codes that people read out and type: no I, L, O or U, so that handwriting is not misread.

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** As many characters as hold all bits, in groups with hyphens between. */
export function crockford(bytes: Uint8Array, groupLength: number): string {
  let bits = 0n;
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte);
  let code = '';
  for (let place = Math.ceil((bytes.length * 8) / 5) - 1; place >= 0; place -= 1)
    code += alphabet.charAt(Number((bits >> BigInt(5 * place)) & 31n));
  const groups: string[] = [];
  for (let at = 0; at < code.length; at += groupLength) groups.push(code.slice(at, at + groupLength));
  return groups.join('-');
}

/** What a person typed, in the one form that is hashed; null when it is no code of this length. I and L read as 1, O as 0. */
export function readCrockford(typed: string, characters: number): string | null {
  if (typed.length > 100) return null;
  const plain = typed.replaceAll(/[\s-]/g, '').toUpperCase().replaceAll(/[IL]/g, '1').replaceAll('O', '0');
  if (plain.length !== characters) return null;
  for (const character of plain) if (!alphabet.includes(character)) return null;
  // Only ASCII folds above; a character such as the dotless i must not become a letter of the alphabet.
  return /^[\x20-\x7e]*$/.test(typed) ? plain : null;
}
