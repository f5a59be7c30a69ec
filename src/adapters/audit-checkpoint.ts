// Signs checkpoints of the tree and checks them. The name of a log is that of its key, so a checkpoint that was kept
// elsewhere says itself which key it belongs to.

import { createHash, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readCheckpoint, writeCheckpoint } from '../core/tree/checkpoint.ts';
import type { Checkpoint } from '../core/tree/checkpoint.ts';
import type { TreeHead } from '../core/tree/consistency-proof.ts';
import { keyIdInput, readNote, writeNote } from '../core/tree/signed-note.ts';
import { keyFingerprint, signText } from './audit-signing.ts';
import type { SigningKey } from './audit-signing.ts';

const keyIdBytes = 4;
/** An Ed25519 key in DER ends with its raw 32 bytes. */
const rawKeyBytes = 32;

export function originOf(publicKey: KeyObject): string {
  return `wardgate-audit/${keyFingerprint(publicKey)}`;
}

/** The note as it is written to a file. */
export function signCheckpoint(key: SigningKey, { size, root }: TreeHead): string {
  const origin = originOf(key.publicKey);
  const text = writeCheckpoint({ origin, size, root });
  const signature = Buffer.from(signText(key, text), 'base64');
  return writeNote({ text, signatures: [{ name: origin, keyId: keyIdOf(origin, key.publicKey), signature }] });
}

/** The checkpoint in a note that this key signed; a sentence that says what is wrong with it otherwise. */
export function openCheckpoint(content: string, publicKey: KeyObject): Checkpoint | string {
  const note = readNote(content);
  const checkpoint = note === null ? null : readCheckpoint(note.text);
  if (note === null || checkpoint === null) return 'it is not a checkpoint';
  const origin = originOf(publicKey);
  if (checkpoint.origin !== origin) return `it is of the log "${checkpoint.origin}", and this one is "${origin}"`;
  const keyId = keyIdOf(origin, publicKey);
  const isSigned = note.signatures.some(
    (one) => one.name === origin && keyId.equals(one.keyId) && verify(null, Buffer.from(note.text), publicKey, one.signature),
  );
  return isSigned ? checkpoint : 'it is not signed by the key of this log';
}

function keyIdOf(name: string, publicKey: KeyObject): Buffer {
  const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-rawKeyBytes);
  return createHash('sha256').update(keyIdInput(name, raw)).digest().subarray(0, keyIdBytes);
}
