// Verifies a whole log, also one that is being written: reads the signed heads first, then every line, in constant
// memory. It changes nothing and needs nothing but the files and the public key.

import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readHead } from '../core/audit/encode-head.ts';
import type { SignedHead } from '../core/audit/encode-head.ts';
import { epochOf, headKeys } from '../core/audit/epoch-chain.ts';
import type { Silence } from '../core/audit/judge-silence.ts';
import type { Pruning } from '../core/audit/judge-pruning.ts';
import { readSegmentFile } from '../core/audit/segment-name.ts';
import { beginChain } from '../core/audit/verify-chain.ts';
import type { Flaw, Restoration } from '../core/audit/verify-chain.ts';
import { originOf } from './audit-checkpoint.ts';
import { keyFromRaw, knownKeys, rawKey } from './audit-epochs.ts';
import { endOf, listPruned, PrunedDamaged } from './audit-pruned-file.ts';
import { listSegments, NotASegment } from './audit-segment-files.ts';
import { isHeadSigned, keyFingerprint, loadHead } from './audit-signing.ts';
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
  /** Records that were let go, as the log tells it, oldest first, the last hundred; verification begins behind them. */
  readonly pruned: readonly Pruning[];
  /** Checkpoints of the tree, kept beside the log or elsewhere, that fit it. */
  readonly checkpoints: number;
  /** The last one that the log names; keys change once a day. Null where that was not looked at. */
  readonly epoch: { readonly number: number; readonly day: string | null } | null;
  /** Times in which the log says nothing, the first hundred, and how many there are. */
  readonly silences: readonly Silence[];
  readonly silenceCount: number;
  /** First 16 hex digits of the first public key's SHA-256; null without a key. */
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

const changedHead = flawOf('head.json', 'the signed head was changed, or signed with another key');

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
    pruned: [],
    checkpoints: 0,
    epoch: null,
    silences: [],
    silenceCount: 0,
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
  const origin = originOf(publicKey);
  const claims = readClaims(directories, origin, kept ?? { from: [], anchors: [] });
  try {
    const segments = await listSegments(directories);
    const pruned = await listPruned(directories);
    const claimed = heads.signed.map(({ head }) => head);
    const walk = await walkSegments(segments, pruned.length === 0 ? beginChain(claimed) : beginChain(claimed, endOf(pruned)));
    const chain = judged(known, heads.signed, walk, strayFiles(directories));
    if (!chain.sound) return heads.isKnown ? chain : { ...known, flaw: changedHead };
    if ('what' in claims) return { ...chain, sound: false, flaw: claims };
    return withTree(chain, heads.signed, await verifyTree(directories, origin, rawKey(publicKey), claims, pruned));
  } catch (cause) {
    if (cause instanceof NotASegment) return { ...known, flaw: flawOf(cause.file, 'it is not a regular file') };
    if (cause instanceof PrunedDamaged)
      return {
        ...known,
        flaw: flawOf(cause.file, 'it is not what is left of records that were let go, it was changed or cut short'),
      };
    throw cause;
  }
}

function withTree(chain: AuditVerification, heads: readonly SignedHead[], tree: TreeVerification): AuditVerification {
  const { checkpoints, epochs, silence } = tree;
  const isSigned = heads.every((head) => headKeys(epochs, head.head.sequence).some((key) => isHeadSigned(head, keyFromRaw(key))));
  const flaw = tree.flaw ?? (isSigned ? null : changedHead);
  const { number, day } = epochOf(epochs, Infinity);
  return {
    ...chain,
    sound: flaw === null,
    flaw,
    checkpoints,
    epoch: { number, day },
    silences: silence.silences,
    silenceCount: silence.count,
    pruned: tree.pruning.prunings,
    notes: [...chain.notes, ...epochs.findings],
  };
}

function judged(known: AuditVerification, heads: readonly SignedHead[], walk: Walk, stray: readonly string[]): AuditVerification {
  const { sequence, records, repeated, unreadable, unexplainedAfter } = walk.chain;
  const headSequence = Math.max(...heads.map(({ head }) => head.sequence));
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

interface Heads {
  readonly signed: readonly SignedHead[];
  /** Each is signed with a key that is known without the log. Whether it was the right one shows at its end. */
  readonly isKnown: boolean;
}

/** Every directory's head, or what is wrong with one. At least one must be there. */
function readHeads(directories: readonly string[], publicKey: KeyObject): Heads | Flaw {
  const keys = knownKeys(directories[0] ?? '', publicKey);
  const signed: SignedHead[] = [];
  let isKnown = true;
  for (const directory of directories) {
    let head = loadHead(directory, keys);
    for (let reading = 1; head === 'unsound' && reading < headReadings; reading += 1) head = loadHead(directory, keys);
    if (head === 'absent') continue;
    const found = head === 'unsound' ? readHead(readFileSync(join(directory, 'head.json'), 'latin1')) : head;
    if (found === null) return changedHead;
    if (head === 'unsound') isKnown = false;
    signed.push(found);
  }
  return signed.length > 0 ? { signed, isKnown } : flawOf('head.json', 'the signed head is missing');
}

function holdsLog(directory: string): boolean {
  return readdirSync(directory).some((name) => readSegmentFile(name) !== null || name === 'head.json');
}

function strayFiles(directories: readonly string[]): string[] {
  return directories
    .flatMap((directory) => readdirSync(directory))
    .filter((name) => /\.jsonl(\.|$)/.test(name) && readSegmentFile(name) === null);
}

function flawOf(file: string, what: string): Flaw {
  return { file, line: null, sequence: null, what };
}
