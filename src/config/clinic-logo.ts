// Reads the clinic's logo, which stands above every page of ours. Judged by its first bytes and never by its name; small,
// because every page shows it; a drawing with a script or with parts from elsewhere is refused, though a browser would run and
// load nothing of it in a picture.

import { createHash } from 'node:crypto';
import { firstBytes } from './first-bytes.ts';
import type { Reading } from './reading.ts';
import type { ClinicLogo } from './settings.ts';

/** The largest logo, bytes. */
const mostBytes = 65_536;
const key = ['clinic', 'logo'] as const;

/** Null where none is named, or where it is of no use, which has been reported then. */
export async function clinicLogo(reading: Reading<unknown>, named: string | undefined): Promise<ClinicLogo | null> {
  if (named === undefined) return null;
  const file = reading.resolve(named);
  const bytes = await firstBytes(file, mostBytes);
  if (bytes === null) {
    reading.absent(key, `Logo "${named}" cannot be read, looked for ${file}`);
    return null;
  }
  const judged = judge(bytes);
  if ('problem' in judged) {
    reading.mistake(key, `Logo "${named}" ${judged.problem}`);
    return null;
  }
  const { type } = judged;
  const name = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  const ending = type === 'image/png' ? 'png' : 'svg';
  return { file, address: `/.wardgate/assets/logo-${name}.${ending}`, type, base64: bytes.toString('base64') };
}

const pngMark = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** The root element, after a byte order mark, a declaration, comments and a document type. */
const svgStart =
  /^\uFEFF?\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--[^]*?-->\s*)*(?:<!DOCTYPE\s+svg\b[^>[]*>\s*)?(?:<!--[^]*?-->\s*)*<svg[\s>]/i;
const active = /<script\b|<foreignObject\b|<iframe\b|<!ENTITY\b|\son[a-z]+\s*=|javascript:/i;
const elsewhere = /(?:href\s*=\s*["']?|url\(\s*["']?|@import\s+["']?)\s*(?:https?:)?\/\//i;

function judge(bytes: Buffer): { readonly type: ClinicLogo['type'] } | { readonly problem: string } {
  if (bytes.length > mostBytes) return { problem: 'is larger than 64 KiB, make it smaller: it is shown 48 pixels high' };
  if (bytes.length === 0) return { problem: 'is empty, write an SVG or a PNG' };
  if (bytes.subarray(0, pngMark.length).equals(pngMark)) return { type: 'image/png' };
  const text = bytes.toString('utf8');
  if (!svgStart.test(text)) return { problem: 'is neither an SVG nor a PNG by its first bytes, save it as one of them' };
  if (active.test(text)) return { problem: 'is an SVG that holds a script, save it as a plain drawing' };
  if (elsewhere.test(text)) return { problem: 'is an SVG that loads parts from another address, save them into it' };
  return { type: 'image/svg+xml' };
}
