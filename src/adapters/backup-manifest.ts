// What a backup says of itself, sealed before its files: when and where it was made, what is in it, what was left out, and
// where the access record ended. Names of files are believed only where they stay inside the place restored to.

import { z } from 'zod';
import { BackupRefused } from './backup-refused.ts';

/** Six years of daily files and what stands beside them, twentyfold. */
const mostFiles = 100_000;
/** Bytes of the manifest as JSON. */
export const mostManifestBytes = 33_554_432;

/** A path below the place restored to, with `/`, and without a step that leads out of it or hides in it. */
const place = z
  .string()
  .min(1)
  .max(1024)
  .refine((path) => path.split('/').every((step) => step !== '' && step !== '.' && step !== '..' && !/[\\\p{Cc}]/u.test(step)));

/** A directory; '' is the place restored to itself. */
const directory = z.union([z.literal(''), place]);

const text = z.string().max(4096);
const count = z.number().int().min(0);

const file = z.strictObject({
  to: place,
  /** Where it stood on the machine that was backed up. */
  from: text,
  kind: z.enum(['configuration', 'certificate', 'key', 'store', 'audit']),
  bytes: count,
  /** Number of the first record, of a segment that holds one. */
  first: count.nullable(),
});

const audit = z.strictObject({
  directory,
  fallback: directory.nullable(),
  signingKey: place,
  /** The last record of the backup. */
  sequence: count,
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  /** When its head was signed. */
  time: text,
});

const manifest = z.strictObject({
  /** ISO 8601, UTC. */
  made: z.iso.datetime(),
  host: text,
  program: text,
  /** Form of each store, as state-schema.ts counts. */
  stores: z.record(z.string(), count),
  /** The data directory. */
  data: directory,
  masterKey: place,
  audit,
  files: z.array(file).max(mostFiles),
  /** Where the gateways keep their rows, which are not in here; left out where a gateway keeps its own. */
  postgres: z.strictObject({ url: text, schema: text }).optional(),
  /** What was left out and must be put back by hand, one sentence each. */
  leftOut: z.array(text).max(1000),
});

export type BackupManifest = z.infer<typeof manifest>;
export type BackupFile = BackupManifest['files'][number];
export type BackupKind = BackupFile['kind'];

export function writeManifest(said: BackupManifest): Buffer {
  return Buffer.from(JSON.stringify(manifest.parse(said)), 'utf8');
}

/** Throws BackupRefused where it is none, or names one place twice. */
export function readManifest(bytes: Buffer): BackupManifest {
  const read = manifest.safeParse(parse(bytes.toString('utf8')));
  if (!read.success) throw new BackupRefused('it does not say what is in it in a form that this program knows');
  const places = new Set(read.data.files.map(({ to }) => to));
  if (places.size < read.data.files.length) throw new BackupRefused('it names a file twice');
  return read.data;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
