// Reads a configuration file as text. What is no text, no file, or not to be read, is told with what to do about it.

import { readFile, stat } from 'node:fs/promises';
import type { Findings } from './mistake.ts';

const start = { line: 1, column: 1 };
const saveAs = 'save it as UTF-8 ("Encoding" in the editor\'s save dialogue)';

/** The file's bytes, or null with the reason reported. */
export async function readConfigBytes(file: string, mostBytes: number, findings: Findings): Promise<Buffer | null> {
  try {
    const found = await stat(file);
    const problem = found.isDirectory()
      ? 'Is a directory, and a file is wanted here; name the file in it'
      : found.isFile()
        ? null
        : 'Is no ordinary file, copy its content into one';
    if (problem !== null || found.size > mostBytes) {
      const large = `File is larger than ${mostBytes / 1024} KiB, which no configuration needs`;
      findings.mistake(file, start, problem ?? large);
      return null;
    }
    return await readFile(file);
  } catch (cause) {
    findings.mistake(file, start, `File cannot be read: ${whyUnread(cause)}`);
    return null;
  }
}

function whyUnread(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : null;
  switch (code) {
    case 'ENOENT':
      return 'it does not exist (ENOENT), look for a slip in its name or write it';
    case 'EACCES':
    case 'EPERM':
      return `the account that runs this may not read it (${code}), let it with chown or chmod`;
    case 'ENOTDIR':
      return 'a part of its path is a file and no directory (ENOTDIR)';
    case 'ELOOP':
      return 'it is a link that leads to itself (ELOOP)';
    default:
      return cause instanceof Error ? cause.message : String(cause);
  }
}

/** UTF-8 without its byte order mark, or null with the reason reported. CRLF is left as it is. */
export function configText(file: string, bytes: Buffer, findings: Findings): string | null {
  if (isUtf16(bytes)) {
    findings.mistake(file, start, `File is saved as UTF-16, ${saveAs}`);
    return null;
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return oldLineEnds(file, text.startsWith('\uFEFF') ? text.slice(1) : text, findings);
  } catch {
    const good = new TextDecoder('utf-8').decode(bytes).split('\uFFFD')[0] ?? '';
    const lines = good.replace(/^\uFEFF/, '').split('\n');
    const place = { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
    findings.mistake(file, place, `Character is not UTF-8, save the file as UTF-8 ("Encoding" in the editor's save dialogue)`);
    return null;
  }
}

/** With its mark, or without: then every second byte of plain text is zero. */
function isUtf16(bytes: Buffer): boolean {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) return true;
  const head = bytes.subarray(0, 512);
  const zeros = [0, 1].map((first) => head.filter((byte, index) => index % 2 === first && byte === 0).length);
  return head.length >= 4 && zeros.some((count) => count > head.length / 4);
}

/** A file whose lines end in CR alone is one line to YAML. */
function oldLineEnds(file: string, text: string, findings: Findings): string | null {
  const lone = /\r(?!\n)/.exec(text);
  if (lone === null) return text;
  const lines = text.slice(0, lone.index).split('\n');
  const place = { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
  findings.mistake(file, place, 'Line ends in a lone carriage return, save the file with LF or CRLF as its line ending');
  return null;
}
