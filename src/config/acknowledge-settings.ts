// Reads the texts that people acknowledge before the EHR opens: each a small file beside gateway.yaml.

import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ClinicText } from '../core/acknowledgement/clinic-text.ts';
import { firstBytes } from './first-bytes.ts';
import type { GatewayFile } from './gateway-schema.ts';
import type { Reading } from './reading.ts';
import { count, duration, oneOrMany, ownName, words } from './schema-parts.ts';

/** The longest text, bytes: some twenty pages, more than anybody reads before they see a patient. */
const mostBytes = 65_536;
const mostTexts = 20;

const day = z.string().regex(/^\d{4}-\d\d-\d\d$/, 'is not a day, write it as 2026-12-31');
const plain = words.regex(/^[^"]*$/, 'must not hold a quotation mark');

export const acknowledgeSchema = z
  .array(
    z.strictObject({
      id: ownName,
      title: words,
      file: words,
      version: plain,
      roles: oneOrMany(ownName).optional(),
      again: duration('1d', '10y').optional(),
      postpone: z.strictObject({ times: count(0, 100), until: day.optional() }).optional(),
    }),
  )
  .max(mostTexts);

export async function acknowledgeSettings(reading: Reading<GatewayFile>): Promise<readonly ClinicText[]> {
  const texts: ClinicText[] = [];
  for (const [index, given] of (reading.value.acknowledge ?? []).entries()) {
    const { id, title, version, roles = null, again = null, postpone } = given;
    const at = ['acknowledge', index] as const;
    if (texts.some((one) => one.id === id)) {
      reading.mistake([...at, 'id'], `Text "${id}" stands there twice, give one of them another id`);
      continue;
    }
    const bytes = await bytesOf(reading, [...at, 'file'], given.file);
    if (bytes === null) continue;
    const hash = createHash('sha256').update(bytes).digest('hex');
    const put = postpone === undefined ? null : { times: postpone.times, untilDay: postpone.until ?? null };
    texts.push({ id, title, version, hash, text: bytes.toString('utf8'), roles, againSeconds: again, postpone: put });
  }
  return texts;
}

/** Null where it is of no use, which has been reported then. */
async function bytesOf(reading: Reading<GatewayFile>, at: readonly (string | number)[], named: string): Promise<Buffer | null> {
  const file = reading.resolve(named);
  const bytes = await firstBytes(file, mostBytes);
  if (bytes === null) reading.absent(at, `Text "${named}" cannot be read, looked for ${file}`);
  else if (bytes.length > mostBytes) reading.mistake(at, `Text "${named}" is larger than 64 KiB, make it shorter`);
  else if (bytes.toString('utf8').trim() === '') reading.mistake(at, `Text "${named}" is empty, write what people acknowledge`);
  else if (!isText(bytes)) reading.mistake(at, `Text "${named}" is no plain text in UTF-8, save it as that`);
  else return bytes;
  return null;
}

function isText(bytes: Buffer): boolean {
  return !bytes.includes(0) && Buffer.from(bytes.toString('utf8'), 'utf8').equals(bytes);
}
