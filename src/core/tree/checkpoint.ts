// C2SP tlog-checkpoint: the three lines that say which log, how many records and which root. Whoever keeps one can tell
// later whether those records are still the same.

import { hashBytes } from './node-hash.ts';

export interface Checkpoint {
  /** Names the log, as its key does. */
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
}

const form = /^([^\s+]+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\n$/;

export function writeCheckpoint({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${Buffer.from(root).toString('base64')}\n`;
}

/** Null for anything that is no checkpoint of ours. */
export function readCheckpoint(text: string): Checkpoint | null {
  const [, origin = '', digits = '', encoded = ''] = form.exec(text) ?? [];
  const root = Buffer.from(encoded, 'base64');
  const size = Number(digits);
  if (root.length !== hashBytes || root.toString('base64') !== encoded || !Number.isSafeInteger(size)) return null;
  return { origin, size, root };
}
