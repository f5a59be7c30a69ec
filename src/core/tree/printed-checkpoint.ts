// A checkpoint on paper: grouped so that it can be read aloud and typed again, each row of the root with two check digits that
// find a slip. It carries no signature: whoever kept the paper vouches for it.

import type { Checkpoint } from './checkpoint.ts';
import { hashBytes } from './node-hash.ts';

const groupDigits = 4;
const rowDigits = 16;
const modulus = 97;

export interface PrintedRow {
  /** Four groups of four hex digits. */
  readonly groups: string;
  /** Two decimal digits. */
  readonly check: string;
}

export interface PrintedCheckpoint {
  /** The end of the log's name, in groups. */
  readonly log: string;
  readonly records: string;
  readonly root: readonly PrintedRow[];
}

export function printCheckpoint({ origin, size, root }: Checkpoint): PrintedCheckpoint {
  const hex = Buffer.from(root).toString('hex');
  const rows = Array.from({ length: hex.length / rowDigits }, (_none, at) => hex.slice(at * rowDigits, (at + 1) * rowDigits));
  return {
    log: grouped(origin.slice(origin.lastIndexOf('/') + 1)),
    records: String(size),
    root: rows.map((row) => ({ groups: grouped(row), check: checkOf(row) })),
  };
}

/** The lines that are typed again. */
export function printedLines({ log, records, root }: PrintedCheckpoint): string[] {
  const rows = root.map(({ groups, check }, at) => `Root ${at + 1}   ${groups}   check ${check}`);
  return [`Log      ${log}`, `Records  ${records}`, ...rows];
}

/** Whether a text looks like one that was typed, and not like a signed note. */
export function isTyped(text: string): boolean {
  return /^\s*records\b/im.test(text);
}

/** The checkpoint in what somebody typed, whatever stands around it; a sentence that names the slip otherwise. */
export function readPrinted(text: string): Checkpoint | string {
  const log = /^\s*log\b[\s:]*([0-9a-f\s]{16,})$/im.exec(text)?.[1]?.replaceAll(/\s/g, '').slice(0, rowDigits).toLowerCase();
  const records = /^\s*records\b[\s:]*(\d[\d ,.']*)$/im.exec(text)?.[1]?.replaceAll(/\D/g, '');
  if (log === undefined || records === undefined)
    return 'it does not say which log and how many records, as the printed lines do';
  let hex = '';
  for (let row = 1; row <= (hashBytes * 2) / rowDigits; row += 1) {
    const found = new RegExp(String.raw`^\s*root\s*${row}\b[\s:]+([0-9a-f ]{16,40}?)(?:\s*check\s*(\d\d))?\s*$`, 'im').exec(text);
    const digits = found?.[1]?.replaceAll(' ', '').toLowerCase() ?? '';
    if (digits.length !== rowDigits) return `row ${row} of its root is missing or does not have ${rowDigits} digits`;
    const check = found?.[2] ?? checkOf(digits);
    if (check !== checkOf(digits)) return `row ${row} of its root was mistyped: the check digits do not fit`;
    hex += digits;
  }
  return { origin: `wardgate-audit/${log}`, size: Number(records), root: Uint8Array.from(Buffer.from(hex, 'hex')) };
}

function grouped(digits: string): string {
  return digits.replaceAll(new RegExp(`(.{${groupDigits}})(?=.)`, 'g'), '$1 ');
}

/** The digits as a number modulo 97, as account numbers have it: a changed digit and two that were swapped both show. */
function checkOf(hex: string): string {
  let rest = 0;
  for (const digit of hex) rest = (rest * rowDigits + Number.parseInt(digit, 16)) % modulus;
  return String(rest).padStart(2, '0');
}
