// The public keys of a log, one a day, in `epochs.txt` beside it. They are read from the records as well; this copy is for
// whoever cannot read the whole log first, such as the start. Nothing is believed because it stands here.

import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contentOf } from './audit-tree-files.ts';
import { writeOwned } from './write-owned.ts';

export interface KeptEpoch {
  readonly number: number;
  /** `YYYY-MM-DD`, UTC. */
  readonly day: string;
  /** The record that named its key; 0 for the first. */
  readonly after: number;
  /** Raw public key, base64. */
  readonly key: string;
}

export const epochsFile = 'epochs.txt';

/** An Ed25519 key in DER is this and its raw 32 bytes. */
const derBegins = Buffer.from('302a300506032b6570032100', 'hex');
const rawKeyBytes = 32;
const line = /^([1-9]\d{0,8}) (\d{4}-\d{2}-\d{2}) (\d{1,16}) ([A-Za-z0-9+/]{43}=)$/;

export function rawKey(publicKey: KeyObject): string {
  return publicKey.export({ type: 'spki', format: 'der' }).subarray(-rawKeyBytes).toString('base64');
}

export function keyFromRaw(raw: string): KeyObject {
  return createPublicKey({ key: Buffer.concat([derBegins, Buffer.from(raw, 'base64')]), format: 'der', type: 'spki' });
}

/** Oldest first; empty where the first key is still the only one. Lines that are none are passed over. */
export function readEpochs(directory: string): KeptEpoch[] {
  return epochsIn(contentOf(join(directory, epochsFile))?.toString('latin1') ?? '');
}

export function epochsIn(content: string): KeptEpoch[] {
  return content.split('\n').flatMap((text) => {
    const match = line.exec(text);
    if (match === null) return [];
    const [, number, day = '', after, key = ''] = match;
    return [{ number: Number(number), day, after: Number(after), key }];
  });
}

export function writeEpochs(directory: string, epochs: readonly KeptEpoch[]): void {
  const lines = epochs.map(({ number, day, after, key }) => `${number} ${day} ${after} ${key}\n`);
  writeOwned(join(directory, epochsFile), Buffer.from(lines.join('')), directory);
}

/** Every key that may have signed something in the directory: the one in use and all before it. */
export function knownKeys(directory: string, current: KeyObject): KeyObject[] {
  const raw = rawKey(current);
  const others = readEpochs(directory).filter(({ key }) => key !== raw);
  return [current, ...others.map(({ key }) => keyFromRaw(key))];
}

/** The key that the log is named by: its first. `audit-signing.pub` beside the log holds it. */
export function foundingKey(directory: string, current: KeyObject): KeyObject {
  const [first] = readEpochs(directory);
  if (first?.number === 1) return keyFromRaw(first.key);
  const published = join(directory, 'audit-signing.pub');
  return existsSync(published) ? createPublicKey(readFileSync(published)) : current;
}
