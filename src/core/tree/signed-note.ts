// C2SP signed-note: a text with signatures below it that a person can read, print and keep. It checks no signature; who has
// the key does.

export interface NoteSignature {
  readonly name: string;
  readonly keyId: Uint8Array;
  readonly signature: Uint8Array;
}

export interface SignedNote {
  /** What is signed; ends with a newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

const keyIdBytes = 4;
/** The mark of an Ed25519 key. */
const ed25519 = 1;
const line = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/;

/** What is hashed for a key's id, whose first four bytes it is. `publicKey` is the raw key. */
export function keyIdInput(name: string, publicKey: Uint8Array): Uint8Array {
  return Uint8Array.from([...Buffer.from(name), 0x0a, ed25519, ...publicKey]);
}

export function writeNote({ text, signatures }: SignedNote): string {
  const lines = signatures.map(
    ({ name, keyId, signature }) => `\u2014 ${name} ${Buffer.concat([keyId, signature]).toString('base64')}\n`,
  );
  return `${text}\n${lines.join('')}`;
}

/** Null for anything that is no note. */
export function readNote(content: string): SignedNote | null {
  const end = content.lastIndexOf('\n\n');
  if (end === -1 || !content.endsWith('\n')) return null;
  const found = content
    .slice(end + 2, -1)
    .split('\n')
    .map(readSignature);
  const signatures = found.filter((one) => one !== null);
  return signatures.length === found.length ? { text: content.slice(0, end + 1), signatures } : null;
}

function readSignature(text: string): NoteSignature | null {
  const [, name = '', encoded = ''] = line.exec(text) ?? [];
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.length <= keyIdBytes || bytes.toString('base64') !== encoded) return null;
  return { name, keyId: bytes.subarray(0, keyIdBytes), signature: bytes.subarray(keyIdBytes) };
}
