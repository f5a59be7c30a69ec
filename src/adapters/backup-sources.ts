// Puts together what one backup holds: small files read now, and for the large ones how much of them counts. The stores come
// before the access record, so that nothing stands in a store that the record does not tell of.

import { readFileSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { auditPart } from './backup-audit.ts';
import type { AuditPart } from './backup-audit.ts';
import type { BackupFile, BackupKind, BackupManifest } from './backup-manifest.ts';
import type { BackupPlaces } from './backup-places.ts';
import { BackupRefused } from './backup-refused.ts';
import { copyStores } from './backup-stores.ts';
import type { StoreCopy } from './backup-stores.ts';
import { systemClock } from './clock-system.ts';
import { readMasterKeys } from './master-keys.ts';
import { programVersion } from './program-version.ts';

/** What is backed up: absolute paths, as the configuration names them. */
export interface BackupSubject {
  readonly configuration: readonly string[];
  readonly certificates: readonly string[];
  /** Private keys that were asked for. */
  readonly keys: readonly string[];
  readonly dataDirectory: string;
  readonly masterKeyFile: string;
  readonly auditDirectory: string;
  readonly fallbackDirectory: string | null;
  /** Where the rows stand that no file here has; without a password. */
  readonly postgres?: { readonly url: string; readonly schema: string } | null;
  /** What is left out, one sentence each. */
  readonly leftOut: readonly string[];
}

/** A file of the backup and where its bytes come from. */
export interface BackupSource {
  readonly file: BackupFile;
  readonly content: Buffer | { readonly path: string };
}

export interface BackupSources {
  readonly manifest: BackupManifest;
  readonly sources: readonly BackupSource[];
}

/** Configuration, keys and certificates are far smaller. */
const mostSmallBytes = 16_777_216;

/** `into` takes copies of the stores. Throws BackupRefused, naming the file and the fix, and system errors. */
export async function backupSources(subject: BackupSubject, places: BackupPlaces, into: string): Promise<BackupSources> {
  const make = sourceMaker(places);
  const small = (kind: BackupKind) => (path: string) => make(path, kind, readSmall(path));
  const before = readMasterKeys(subject.masterKeyFile);
  const stores = copyStores(subject.dataDirectory, into);
  const masterKeys = small('key')(subject.masterKeyFile);
  const gone = missing(before.keys, readMasterKeys(subject.masterKeyFile).keys);
  if (gone) throw new BackupRefused('a master key was taken out meanwhile; make the backup again');
  const { fallbackDirectory: fallback } = subject;
  const part = await auditPart(fallback === null ? [subject.auditDirectory] : [subject.auditDirectory, fallback]);
  const sources = [
    ...subject.configuration.map(small('configuration')),
    ...subject.certificates.map(small('certificate')),
    ...subject.keys.map(small('key')),
    masterKeys,
    ...stores.map((store) => make(store.from, 'store', store)),
    ...[...part.keys].map(([path, bytes]) => make(path, 'key', bytes)),
    ...(part.epochs === null ? [] : [make(part.epochs.path, 'audit', part.epochs.bytes)]),
    ...[...part.heads].map(([path, bytes]) => make(path, 'audit', bytes)),
    ...part.beside.map((path) => make(path, 'audit', { path })),
    ...part.segments.map((segment) => make(segment.path, 'audit', segment, segment.bytes, segment.first)),
  ];
  return { manifest: manifestOf(subject, places, stores, part, sources), sources };
}

function sourceMaker(places: BackupPlaces) {
  return (from: string, kind: BackupKind, content: BackupSource['content'], most?: number, first: number | null = null) => {
    const bytes = 'path' in content ? (most ?? statSync(content.path).size) : content.length;
    return { file: { to: places.of(from), from, kind, bytes, first }, content } satisfies BackupSource;
  };
}

function manifestOf(
  { dataDirectory, masterKeyFile, auditDirectory, fallbackDirectory, postgres, leftOut }: BackupSubject,
  places: BackupPlaces,
  stores: readonly StoreCopy[],
  { head, signingKeyFile }: AuditPart,
  sources: readonly BackupSource[],
): BackupManifest {
  return {
    made: new Date(systemClock.now()).toISOString(),
    host: hostname(),
    program: programVersion(),
    stores: Object.fromEntries(stores.map(({ name, version }) => [name, version])),
    data: places.of(dataDirectory),
    masterKey: places.of(masterKeyFile),
    audit: {
      directory: places.of(auditDirectory),
      fallback: fallbackDirectory === null ? null : places.of(fallbackDirectory),
      signingKey: places.of(signingKeyFile),
      sequence: head.sequence,
      hash: head.hash,
      time: head.time,
    },
    files: sources.map(({ file }) => file),
    ...(postgres === undefined || postgres === null ? {} : { postgres }),
    leftOut: [...leftOut],
  };
}

function readSmall(path: string): Buffer {
  const bytes = readFileSync(path);
  if (bytes.length > mostSmallBytes) throw new BackupRefused(`"${path}" is larger than ${mostSmallBytes} bytes`);
  return bytes;
}

function missing(before: readonly { readonly id: string }[], after: readonly { readonly id: string }[]): boolean {
  return before.some(({ id }) => !after.some((key) => key.id === id));
}
