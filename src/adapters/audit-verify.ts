// Verifies a whole log, also one that is being written: reads the signed heads first, then every line, in constant
// memory. It changes nothing and needs nothing but the files and the public key.

import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Head } from '../core/audit/encode-head.ts';
import { readSegmentName } from '../core/audit/segment-name.ts';
import { beginChain } from '../core/audit/verify-chain.ts';
import type { Flaw, Restoration } from '../core/audit/verify-chain.ts';
import { listSegments, NotASegment } from './audit-read-lines.ts';
import { keyFingerprint, loadHead } from './audit-signing.ts';
import { readClaims, verifyTree } from './audit-verify-tree.ts';
import type { KeptCheckpoints, TreeVerification } from './audit-verify-tree.ts';
import { walkSegments } from './audit-walk.ts';
import type { Walk } from './audit-walk.ts';

export interface AuditVerification {
  readonly sound: boolean;
  /** The first thing that is wrong; null when sound. */
  readonly flaw: Flaw | null;
  /** Records that were judged sound, each counted once. */
  readonly records: number;
  readonly lastSequence: number;
  /** Sequence the furthest signed head vouches for; null without one. */
  readonly headSequence: number | null;
  /** Records behind that head: sound, but nothing shows whether there were more. */
  readonly afterHead: number;
  /** Where the log was restored from a backup, oldest first: between the two, records may be missing that nothing shows. */
  readonly restored: readonly Restoration[];
  /** Checkpoints of the tree, kept beside the log or elsewhere, that fit it. */
  readonly checkpoints: number;
  /** First 16 hex digits of the public key's SHA-256; null without a key. */
  readonly key: string | null;
  /** Things that are in order but worth knowing, as sentences. */
  readonly notes: readonly string[];
}

export interface VerifyOptions {
  /** The log's directory first, then others that took over from it. */
  readonly directories: readonly string[];
  /** A copy of the public key kept elsewhere; `audit-signing.pub` in the first directory unless told otherwise. */
  readonly publicKeyFile: string | null;
  /** Checkpoints to hold the log against, besides those beside it. */
  readonly kept?: KeptCheckpoints;
}

/** Reading it again this often rides out a head that is being written at that very moment. */
const headReadings = 3;

/** Rejects with system errors, for example where a directory cannot be read. */
export async function verifyAuditLog({ directories, publicKeyFile, kept }: VerifyOptions): Promise<AuditVerification> {
  const [primary = ''] = directories;
  const keyFile = publicKeyFile ?? join(primary, 'audit-signing.pub');
  const none = {
    flaw: null,
    records: 0,
    lastSequence: 0,
    headSequence: null,
    afterHead: 0,
    restored: [],
    checkpoints: 0,
    key: null,
    notes: [],
  };
  const blank = { sound: false, ...none };
  if (!directories.some(holdsLog)) return { ...blank, flaw: flawOf(primary, 'there is no log in this directory') };
  if (!existsSync(keyFile)) return { ...blank, flaw: flawOf(keyFile, 'the public key is missing') };
  const publicKey = createPublicKey(readFileSync(keyFile));
  const known = { ...blank, key: keyFingerprint(publicKey) };
  const heads = readHeads(directories, publicKey);
  if ('what' in heads) return { ...known, flaw: heads };
  const claims = readClaims(directories, publicKey, kept ?? { from: [], anchors: [] });
  try {
    const segments = await listSegments(directories);
    const chain = judged(known, heads, await walkSegments(segments, beginChain(heads)), strayFiles(directories));
    if (!chain.sound) return chain;
    return 'what' in claims ? { ...chain, sound: false, flaw: claims } : withTree(chain, await verifyTree(directories, claims));
  } catch (cause) {
    if (cause instanceof NotASegment) return { ...known, flaw: flawOf(cause.file, 'it is not a regular file') };
    throw cause;
  }
}

function withTree(chain: AuditVerification, { flaw, checkpoints }: TreeVerification): AuditVerification {
  return { ...chain, sound: flaw === null, flaw, checkpoints };
}

function judged(known: AuditVerification, heads: readonly Head[], walk: Walk, stray: readonly string[]): AuditVerification {
  const { sequence, records, repeated, unreadable, unexplainedAfter } = walk.chain;
  const headSequence = Math.max(...heads.map((head) => head.sequence));
  const notes = stray.map((name) => `"${name}" is not a file of the log and was not read`);
  for (const { file, bytes } of walk.torn) {
    notes.push(
      `"${file.name}" ends in ${bytes} bytes of a torn line behind the signed head; it will be repaired at the next start`,
    );
  }
  if (repeated + unreadable > 0) {
    notes.push(
      `After trouble with the disk ${repeated} records were written again; ${unreadable} lines given up there cannot be read`,
    );
  }
  if (walk.flaw === null && unexplainedAfter !== null) {
    notes.push(
      `Records behind ${unexplainedAfter} were being written again when the gateway ended; the next start completes that`,
    );
  }
  const afterHead = Math.max(0, sequence - headSequence);
  return {
    ...known,
    sound: walk.flaw === null,
    flaw: walk.flaw,
    records,
    lastSequence: sequence,
    headSequence,
    afterHead,
    restored: walk.chain.restorations,
    notes,
  };
}

/** Every directory's head, all rightly signed, or what is wrong with one. At least one must be there. */
function readHeads(directories: readonly string[], publicKey: KeyObject): readonly Head[] | Flaw {
  const heads: Head[] = [];
  for (const directory of directories) {
    let head = loadHead(directory, publicKey);
    for (let reading = 1; head === 'unsound' && reading < headReadings; reading += 1) head = loadHead(directory, publicKey);
    if (head === 'unsound') return flawOf('head.json', 'the signed head was changed, or signed with another key');
    if (head !== 'absent') heads.push(head.head);
  }
  return heads.length > 0 ? heads : flawOf('head.json', 'the signed head is missing');
}

function holdsLog(directory: string): boolean {
  return readdirSync(directory).some((name) => readSegmentName(name) !== null || name === 'head.json');
}

function strayFiles(directories: readonly string[]): string[] {
  return directories
    .flatMap((directory) => readdirSync(directory))
    .filter((name) => name.endsWith('.jsonl') && readSegmentName(name) === null);
}

function flawOf(file: string, what: string): Flaw {
  return { file, line: null, sequence: null, what };
}
