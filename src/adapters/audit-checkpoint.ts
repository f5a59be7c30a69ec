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

/** Of the log's first key; the name stays when the keys change. */
export function originOf(publicKey: KeyObject): string {
  return `wardgate-audit/${keyFingerprint(publicKey)}`;
}

/** The note as it is written to a file. */
export function signCheckpoint(origin: string, key: SigningKey, head: TreeHead): string {
  const signature = Buffer.from(signTree(origin, key, head), 'base64');
  return checkpointNote(origin, key.publicKey, head, signature);
}

/** The note with a signature that was made before. */
export function checkpointNote(origin: string, publicKey: KeyObject, { size, root }: TreeHead, signature: Uint8Array): string {
  const text = writeCheckpoint({ origin, size, root });
  return writeNote({ text, signatures: [{ name: origin, keyId: keyIdOf(origin, publicKey), signature }] });
}

/** The bare signature of a checkpoint, base64. */
export function signTree(origin: string, key: SigningKey, { size, root }: TreeHead): string {
  return signText(key, writeCheckpoint({ origin, size, root }));
}

export function isTreeSigned(origin: string, publicKey: KeyObject, { size, root }: TreeHead, signature: Uint8Array): boolean {
  return verify(null, Buffer.from(writeCheckpoint({ origin, size, root })), publicKey, signature);
}

/** A checkpoint as it was read, and its check, which waits for the key. */
export interface NotedCheckpoint extends Checkpoint {
  readonly isSignedBy: (publicKey: KeyObject) => boolean;
}

/** The checkpoint in a note of the log; a sentence that says what is wrong with it otherwise. Its signature is still to be checked. */
export function readSignedCheckpoint(content: string, origin: string): NotedCheckpoint | string {
  const note = readNote(content);
  const checkpoint = note === null ? null : readCheckpoint(note.text);
  if (note === null || checkpoint === null) return 'it is not a checkpoint';
  if (checkpoint.origin !== origin) return `it is of the log "${checkpoint.origin}", and this one is "${origin}"`;
  const isSignedBy = (publicKey: KeyObject): boolean => {
    const keyId = keyIdOf(origin, publicKey);
    return note.signatures.some(
      (one) => one.name === origin && keyId.equals(one.keyId) && verify(null, Buffer.from(note.text), publicKey, one.signature),
    );
  };
  return { ...checkpoint, isSignedBy };
}

/** The checkpoint in a note of the log that one of the keys signed; a sentence that says what is wrong with it otherwise. */
export function openCheckpoint(content: string, origin: string, keys: readonly KeyObject[]): NotedCheckpoint | string {
  const checkpoint = readSignedCheckpoint(content, origin);
  if (typeof checkpoint === 'string' || keys.some((key) => checkpoint.isSignedBy(key))) return checkpoint;
  return 'it is not signed by a key of this log';
}

export function keyIdOf(name: string, publicKey: KeyObject): Buffer {
  const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-rawKeyBytes);
  return createHash('sha256').update(keyIdInput(name, raw)).digest().subarray(0, keyIdBytes);
}
