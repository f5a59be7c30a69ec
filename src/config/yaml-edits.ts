// Small changes to a text, each within one line, and the line as it stands with them. Knows nothing of YAML.

import type { Correction } from './mistake.ts';

/** Replaces what stands from `start` up to `end`, both offsets, by `text`. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Something that YAML reads otherwise than its author, and how it should stand; no edits where that is not known. */
export interface Trap {
  /** Offset at which it is told. */
  readonly at: number;
  readonly message: string;
  readonly edits: readonly Edit[];
  /** True where nothing else can be said of the line before it is mended. */
  readonly alone?: boolean;
  /** Set where the edits are the most likely way out of several, with the blanks in front of the line as it was. */
  readonly guessedFrom?: number;
}

/** Longer lines are explained, but not written out. */
const maxCorrectedCharacters = 4000;

/** The line that holds the edits with all of them made; null where they are in several lines, or none. */
export function correctionBy(text: string, edits: readonly Edit[]): Correction | null {
  const [first] = edits;
  if (first === undefined) return null;
  const start = text.lastIndexOf('\n', first.start - 1) + 1;
  const next = text.indexOf('\n', first.start);
  const end = next === -1 ? text.length : next;
  if (end - start > maxCorrectedCharacters) return null;
  if (edits.some((edit) => edit.start < start || edit.end > end)) return null;
  const moved = edits.map((edit) => ({ ...edit, start: edit.start - start, end: edit.end - start }));
  const line = withEdits(text.slice(start, end), moved).replace(/\r$/, '').trimEnd();
  return { line: lineNumber(text, start), text: line };
}

/** The text with the edits made; of two that overlap the first counts. */
export function withEdits(text: string, edits: readonly Edit[]): string {
  let done = '';
  let at = 0;
  for (const edit of edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    if (edit.start < at) continue;
    done += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return done + text.slice(at);
}

/** 1-based. */
export function lineNumber(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

/** Characters of a line that are looked at for a message; more is no line that anybody wrote. */
const maxLineCharacters = 1000;

/** The line that holds the offset, without its line ending. */
export function lineAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const line = text.slice(start, start + maxLineCharacters);
  const end = line.indexOf('\n');
  return line.slice(0, end === -1 ? undefined : end).replace(/\r$/, '');
}

/** Where the character stood before the line was mended: what is the same at both ends of the line has not moved. */
export function columnBefore(before: string, after: string, column: number): number {
  if (before === after) return column;
  let same = 0;
  while (same < before.length && before[same] === after[same]) same += 1;
  if (column <= same + 1) return column;
  const fromEnd = after.length - column;
  let tail = 0;
  const most = Math.min(before.length, after.length) - same;
  while (tail < most && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  return fromEnd < tail ? before.length - fromEnd : same + 1;
}

/** The text as one YAML value: in double quotes, or in single ones where it holds a backslash or a double quote. */
export function quoted(value: string): string {
  return /["\\]/.test(value) ? `'${value.replaceAll("'", "''")}'` : `"${value}"`;
}
