// The signed head: how far the log is known to be on the disk. With it a log that was cut short is found, which a chain
// of hashes alone cannot show. It is always behind or level with the disk, never ahead.

import { quote } from './quote.ts';

export interface Head {
  /** Name of the segment that holds the record. */
  readonly file: string;
  /** Bytes of that segment up to and with the record's newline. */
  readonly size: number;
  readonly sequence: number;
  /** The record's hash, hex. */
  readonly hash: string;
  /** ISO 8601, UTC. */
  readonly time: string;
}

/** A head as read: `signedText` is exactly what the signature covers. */
export interface SignedHead {
  readonly head: Head;
  readonly signedText: string;
  /** Base64. */
  readonly signature: string;
}

/** Every head has this many bytes, so that it is written in place with one write inside one disk sector. */
export const headBytes = 512;

/** The text to sign: the head's line up to and excluding `,"signature":"`. */
export function encodeHead(head: Head): string {
  return (
    `{"version":1,"file":${quote(head.file, 64)},"size":${head.size},"sequence":${head.sequence}` +
    `,"hash":"${head.hash}","time":${quote(head.time, 32)}`
  );
}

/** The file's whole content, padded with spaces to `headBytes`. */
export function sealHead(encoded: string, signature: string): string {
  return `${`${encoded},"signature":"${signature}"}`.padEnd(headBytes - 1)}\n`;
}

/** The head in a file's content, or null when it is none. The signature is not checked here. */
export function readHead(content: string): SignedHead | null {
  const match = /^(\{"version":1,.{1,400}),"signature":"([A-Za-z0-9+/=]{1,120})"\} *\n$/.exec(content);
  if (match === null) return null;
  const [, signedText = '', signature = ''] = match;
  const head = parseHead(`${signedText}}`);
  return head === null ? null : { head, signedText, signature };
}

function parseHead(text: string): Head | null {
  try {
    const { file, size, sequence, hash, time }: Head = JSON.parse(text);
    const areTexts =
      typeof file === 'string' && typeof time === 'string' && typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash);
    return areTexts && Number.isSafeInteger(size) && Number.isSafeInteger(sequence) ? { file, size, sequence, hash, time } : null;
  } catch {
    return null;
  }
}
