// Makes the proof that one record stands in the log, and checks one far from the log, with the public key alone.

import type { KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { readRecord } from '../core/audit/read-record.ts';
import type { Checkpoint } from '../core/tree/checkpoint.ts';
import { inclusionPath, isIncluded } from '../core/tree/inclusion-proof.ts';
import { leafHash } from '../core/tree/node-hash.ts';
import { readProof, writeProof } from '../core/tree/proof-file.ts';
import { openCheckpoint, originOf } from './audit-checkpoint.ts';
import { knownKeys } from './audit-epochs.ts';
import { AuditFollower } from './audit-follow.ts';
import { endOf, listPruned } from './audit-pruned-file.ts';
import { contentOf, nodesIn, sha256, treeDirectory } from './audit-tree-files.ts';

export interface Proven {
  /** The record's line. */
  readonly text: string;
  readonly sequence: number;
  readonly checkpoint: Checkpoint;
}

/** Reading it again this often rides out a tile that the gateway is just replacing. */
const readings = 3;

/** The proof as a text. Rejects with a sentence where there is none to make, and with system errors. */
export async function proveRecord(directories: readonly string[], publicKey: KeyObject, sequence: number): Promise<string> {
  const record = await lineOf(directories, sequence);
  const [primary = ''] = directories;
  const keys = knownKeys(primary, publicKey);
  for (let reading = 1; ; reading += 1) {
    try {
      return proofOf(treeDirectory(primary), originOf(publicKey), keys, sequence, record);
    } catch (cause) {
      if (reading === readings) throw cause;
    }
  }
}

/** What a proof shows, or what is wrong with it. */
export function checkProof(content: string, origin: string, keys: readonly KeyObject[]): Proven | string {
  const proof = readProof(content);
  if (proof === null) return 'It is not a proof of a record';
  const checkpoint = openCheckpoint(proof.checkpoint, origin, keys);
  if (typeof checkpoint === 'string') return `Its checkpoint does not hold: ${checkpoint}`;
  const { index, path } = proof;
  const { size, root } = checkpoint;
  if (!isIncluded(sha256, { leaf: leafHash(sha256, proof.record), index, size, root, path })) {
    return 'The record is not in the tree that its checkpoint covers';
  }
  const text = Buffer.from(proof.record).toString('utf8');
  if (readRecord(text)?.sequence !== index + 1) return 'The record says another number than its place in the tree';
  return { text, sequence: index + 1, checkpoint };
}

function proofOf(tree: string, origin: string, keys: readonly KeyObject[], sequence: number, record: Uint8Array): string {
  const content = contentOf(join(tree, 'checkpoint'))?.toString('utf8') ?? null;
  if (content === null) throw new Error(`There is no checkpoint in "${tree}"; the running gateway writes one within ten seconds`);
  const checkpoint = openCheckpoint(content, origin, keys);
  if (typeof checkpoint === 'string') throw new Error(`The checkpoint in "${tree}" does not hold: ${checkpoint}`);
  const { size } = checkpoint;
  if (sequence > size) {
    throw new Error(`The last checkpoint covers ${size} records and not number ${sequence} yet; try again in ten seconds`);
  }
  const path = inclusionPath(sha256, sequence - 1, size, nodesIn(tree, size));
  const proof = writeProof({ record, index: sequence - 1, path, checkpoint: content });
  const checked = checkProof(proof, origin, keys);
  if (typeof checked === 'string')
    throw new Error(`Record ${sequence} cannot be proved: ${checked}; run "wardgate audit verify"`);
  return proof;
}

async function lineOf(directories: readonly string[], sequence: number): Promise<Uint8Array> {
  for await (const found of new AuditFollower(directories, sequence - 1).read(sequence)) return found.line.bytes;
  const gone = endOf(await listPruned(directories)).sequence;
  if (sequence <= gone) throw new Error(`Record ${sequence} was let go, and with it the line that could be proved`);
  throw new Error(`There is no record ${sequence} in this log`);
}
