// Judges the access record inside a backup while its bytes pass by, in constant memory: the same verdict as
// `wardgate audit verify` gives of files, over what will really be restored.

import { createPublicKey, hash } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { basename } from 'node:path/posix';
import { readHead } from '../core/audit/encode-head.ts';
import type { Head } from '../core/audit/encode-head.ts';
import { beginChain, enterSegment, finishChain, judgeLine } from '../core/audit/verify-chain.ts';
import type { Chain, Judged } from '../core/audit/verify-chain.ts';
import { readSegmentFile } from '../core/audit/segment-name.ts';
import { epochsFile, epochsIn, keyFromRaw } from './audit-epochs.ts';
import { nextKeyFile } from './audit-key-files.ts';
import { linesIn } from './audit-read-lines.ts';
import { isHeadSigned } from './audit-signing.ts';
import { SegmentDamaged, unpacked } from './audit-unpack.ts';
import { judgeTorn } from './audit-walk.ts';
import { BackupGone } from './backup-gone.ts';
import type { BackupFile, BackupManifest } from './backup-manifest.ts';
import type { BackupReceiver } from './backup-read.ts';
import { BackupRefused } from './backup-refused.ts';

/** Larger ones are no key and no head. */
const mostSmallBytes = 65_536;

export class BackupAuditJudge implements BackupReceiver {
  readonly #heads: Head[] = [];
  #manifest: BackupManifest | null = null;
  #segments: readonly BackupFile[] = [];
  readonly #publicKeys: KeyObject[] = [];
  #chain: Chain | null = null;
  #entered = 0;
  readonly #gone = new BackupGone();

  begin(manifest: BackupManifest): Promise<void> {
    this.#manifest = manifest;
    this.#segments = manifest.files.filter((file) => file.kind === 'audit' && isLines(basename(file.to)));
    return Promise.resolve();
  }

  /** Takes the key, the heads and the segments, in the manifest's order; whatever else it is given it lets pass. */
  async file(file: BackupFile, content: AsyncIterable<Buffer>): Promise<void> {
    const signingKey = this.#manifest?.audit.signingKey ?? '';
    const isKey = file.to === signingKey || file.to === nextKeyFile(signingKey);
    if (isKey) this.#publicKeys.push(publicKeyIn(await small(file, content)));
    else if (file.kind !== 'audit') await drained(content);
    else if (basename(file.to) === epochsFile) this.#takeEpochs(await small(file, content));
    else if (readSegmentFile(basename(file.to))?.form === 'pruned') await this.#gone.take(basename(file.to), content);
    else if (basename(file.to) === 'head.json') this.#takeHead(file, await small(file, content));
    else await this.#takeSegment(file, content);
  }

  /** Throws BackupRefused where the record is not whole up to its head, or does not end where the backup says. */
  end(): void {
    const chain = this.#chain ?? this.#begin();
    const flaw = finishChain(chain);
    if (flaw !== null) throw refused(flaw.file, flaw.what);
    const unaccounted = this.#gone.unaccounted();
    if (unaccounted !== null) throw refused(chain.segment.name, unaccounted);
    if (this.#heads.length === 0 || this.#entered < this.#segments.length) throw refused('head.json', 'it is not all there');
    const said = this.#manifest?.audit;
    if (chain.sequence !== said?.sequence || chain.hash !== said.hash) {
      throw refused(chain.segment.name, 'it does not end where the backup says');
    }
  }

  #takeEpochs(bytes: Buffer): void {
    this.#publicKeys.push(...epochsIn(bytes.toString('latin1')).map(({ key }) => keyFromRaw(key)));
  }

  #takeHead({ to }: BackupFile, bytes: Buffer): void {
    const signed = readHead(bytes.toString('latin1'));
    const isSound = signed !== null && this.#publicKeys.some((key) => isHeadSigned(signed, key));
    if (!isSound || this.#chain !== null) throw refused(to, 'the head is not signed by this log');
    this.#heads.push(signed.head);
  }

  /** Behind what was let go. */
  #begin(): Chain {
    const { sequence, hash: last } = this.#gone.end;
    return sequence === 0 ? beginChain(this.#heads) : beginChain(this.#heads, { sequence, hash: last });
  }

  async #takeSegment(file: BackupFile, content: AsyncIterable<Buffer>): Promise<void> {
    const segment = readSegmentFile(basename(file.to));
    if (segment === null) return drained(content);
    const isPacked = segment.form === 'packed';
    this.#entered += 1;
    const later = this.#segments.slice(this.#entered).map(({ first }) => first ?? Infinity);
    const takenOverFrom = later.reduce((least, one) => Math.min(least, one), Infinity);
    const { name } = segment;
    let chain = sound(enterSegment(this.#chain ?? this.#begin(), { name, takenOverFrom }));
    let [count, end] = [0, 0];
    for await (const { lines, torn } of linesIn(isPacked ? unpackedPart(content, name) : content, 0, isPacked)) {
      for (const line of lines) {
        chain = sound(judgeLine(chain, line, sha256));
        this.#gone.see(line);
        ({ number: count, end } = line);
      }
      if (torn > 0) chain = sound(judgeTorn(chain, count + 1, end));
    }
    this.#chain = chain;
  }
}

/** Whether it holds lines, plain or packed. */
function isLines(name: string): boolean {
  const form = readSegmentFile(name)?.form ?? 'pruned';
  return form !== 'pruned';
}

async function* unpackedPart(content: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  try {
    yield* unpacked(content, name);
  } catch (cause) {
    throw cause instanceof SegmentDamaged ? refused(name, 'it cannot be unpacked') : cause;
  }
}

function sound(judged: Judged): Chain {
  if (judged.sound) return judged.chain;
  const { file, line, what } = judged.flaw;
  throw refused(line === null ? file : `${file}:${line}`, what);
}

function refused(where: string, what: string): BackupRefused {
  return new BackupRefused(`the access record in it is not sound: ${where}: ${what}`);
}

function publicKeyIn(pem: Buffer): KeyObject {
  try {
    return createPublicKey(pem);
  } catch (cause) {
    throw new BackupRefused('the signing key in it is none', { cause });
  }
}

async function small(file: BackupFile, content: AsyncIterable<Buffer>): Promise<Buffer> {
  if (file.bytes > mostSmallBytes) throw refused(file.to, 'it is too large to be what its name says');
  const pieces: Buffer[] = [];
  for await (const piece of content) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function drained(content: AsyncIterable<Buffer>): Promise<void> {
  for await (const piece of content) void piece;
}

function sha256(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex');
}
