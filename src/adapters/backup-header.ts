// The first line of a backup, in the clear: which form it has, and how its key is found with a passphrase or a private key.
// The form is told in docs/backup-format.md. Holds no secret.

import { z } from 'zod';
import { BackupRefused } from './backup-refused.ts';

export const chunkBytes = 65_536;
/** A first line is far shorter; a longer one is none. */
export const mostHeaderBytes = 4096;

const base64url = z.string().regex(/^[A-Za-z0-9_-]{16,400}$/);

// Bounds for what the file asks of whoever opens it: 2^20 are a gigabyte of memory.
const byPassphrase = z.strictObject({
  by: z.literal('passphrase'),
  salt: base64url,
  n: z.union([32_768, 65_536, 131_072, 262_144, 524_288, 1_048_576].map((one) => z.literal(one))),
  r: z.literal(8),
  p: z.literal(1),
});
const byRecipient = z.strictObject({ by: z.literal('recipient'), recipient: base64url, ephemeral: base64url });

const header = z.strictObject({
  wardgateBackup: z.literal(1),
  cipher: z.literal('aes-256-gcm'),
  chunkBytes: z.literal(chunkBytes),
  key: z.discriminatedUnion('by', [byPassphrase, byRecipient]),
});

export type BackupHeader = z.infer<typeof header>;
export type KeyDescription = BackupHeader['key'];

/** The line with its newline; every chunk is bound to these very bytes. */
export function writeHeader(key: KeyDescription): Buffer {
  const said: BackupHeader = { wardgateBackup: 1, cipher: 'aes-256-gcm', chunkBytes, key };
  return Buffer.from(`${JSON.stringify(said)}\n`, 'utf8');
}

/** Throws BackupRefused where the beginning of a file is no such line, or one of another version. */
export function readHeader(start: Buffer): { readonly line: Buffer; readonly key: KeyDescription } {
  const end = start.subarray(0, mostHeaderBytes).indexOf(0x0a);
  const line = start.subarray(0, end + 1);
  const value = parse(line.toString('utf8'));
  const version = z.looseObject({ wardgateBackup: z.number() }).safeParse(value);
  if (!version.success) throw new BackupRefused('it is no backup of Wardgate');
  if (version.data.wardgateBackup !== 1) {
    throw new BackupRefused(`it has form ${version.data.wardgateBackup}, and this program reads form 1; use a newer program`);
  }
  const read = header.safeParse(value);
  if (!read.success) throw new BackupRefused('its first line was changed or damaged');
  return { line, key: read.data.key };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
