// What a person calls their passkey, as it is kept and shown: one short line.

const mostCharacters = 40;

/** `name` is whatever a form sent; nothing readable becomes `Passkey`. */
export function passkeyName(name: unknown): string {
  const text = typeof name === 'string' ? name.replaceAll(/[\p{C}\s]+/gu, ' ').trim() : '';
  return text === '' ? 'Passkey' : Array.from(text).slice(0, mostCharacters).join('').trim();
}
