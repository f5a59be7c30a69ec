// Finds what looks like plain text and is not: blanks, quotes and colons as word processors and web pages write them, and
// characters that nobody sees. Comments may hold what they like.

import type { Edit, Trap } from './yaml-edits.ts';
import { lineAt, quoted } from './yaml-edits.ts';
import type { Scan, Token } from './yaml-scan.ts';

const otherBlank = /[\u00A0\u1680\u2000-\u200A\u202F\u205F\u3000]/g;
// oxlint-disable-next-line no-control-regex -- these are the very characters that are looked for
const invisible = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u00AD\u200B\u2060\u2028\u2029\uFEFF]/g;
const openingQuote = /^[“”„«»‘’‚‹›＂]/;
const inQuotes = /[“”„«»‘’‚‹›＂]([^“”„«»‘’‚‹›＂"\n]*)[“”„«»‘’‚‹›＂"](?=\s|[,\]}:]|$)/y;

export function blankTraps(text: string, scan: Scan): Trap[] {
  return [...directives(text), ...otherBlanks(text, scan), ...invisibles(text, scan), ...wordProcessed(text, scan)];
}

function directives(text: string): Trap[] {
  return [...text.matchAll(/^%[A-Za-z][^\n]*/gm)].map(({ index, 0: line }) => ({
    at: index,
    message: 'Directives such as "%YAML 1.1" are not used in this file, delete the line',
    edits: [{ start: index, end: index + line.length, text: '' }],
  }));
}

/** Blanks that are no blanks to YAML, where one belongs; within a value they may be meant. */
function otherBlanks(text: string, scan: Scan): Trap[] {
  const outside = outsideOf([...scan.tokens, ...scan.comments]);
  const byLine = new Map<number, Edit[]>();
  for (const { index, 0: character } of text.matchAll(otherBlank)) {
    if (!outside(index)) continue;
    const start = text.lastIndexOf('\n', index) + 1;
    const edits = byLine.get(start) ?? [];
    const leading = text.slice(start, index).trim() === '';
    edits.push({ start: index, end: index + 1, text: leading && character === '\u3000' ? '  ' : ' ' });
    byLine.set(start, edits);
  }
  return [...byLine].flatMap(([start, edits]) => {
    const [first] = edits;
    if (first === undefined || lineAt(text, start).trim() === '') return [];
    const kind = text[first.start] === '\u3000' ? 'full-width' : 'non-breaking';
    const leading = text.slice(start, first.start).trim() === '';
    const what = leading ? `Line begins with a ${kind} space` : `A ${kind} space stands here, which is no blank to YAML`;
    return [{ at: leading ? start : first.start, message: `${what}, use ordinary spaces`, edits }];
  });
}

function invisibles(text: string, scan: Scan): Trap[] {
  const outside = outsideOf(scan.comments);
  return [...text.matchAll(invisible)].flatMap(({ index, 0: character }) => {
    if (!outside(index)) return [];
    const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
    const message = `Invisible character ${code} stands here, delete it`;
    return [{ at: index, message, edits: [{ start: index, end: index + 1, text: '' }] }];
  });
}

function wordProcessed(text: string, { tokens, lines }: Scan): Trap[] {
  const bullets = lines.flatMap(({ start, indent }) => bullet(text, start + indent));
  const inTokens = tokens.flatMap((token) =>
    token.kind === 'plain' ? [...typographicQuotes(text, token), ...fullWidth(text, token)] : [],
  );
  return [...bullets, ...inTokens];
}

/** A long dash, or a dot, in front of what should be a list's entry. */
function bullet(text: string, at: number): Trap[] {
  if (!/[\u2010-\u2015\u2212\u2022\u00B7]/.test(text[at] ?? '') || !/[ \t]/.test(text[at + 1] ?? '')) return [];
  const message = `"${text[at]}" is no list to YAML, begin the entry with "- "`;
  return [{ at, message, edits: [{ start: at, end: at + 1, text: '-' }], alone: true }];
}

function typographicQuotes(text: string, { start, end }: Token): Trap[] {
  if (!openingQuote.test(text[start] ?? '')) return [];
  inQuotes.lastIndex = start;
  const match = inQuotes.exec(text);
  const whole = match?.[0] ?? text.slice(start, end);
  return [
    {
      at: start,
      message: `Value ${whole} begins with a typographic quote, use the plain one`,
      edits: [{ start, end: start + whole.length, text: quoted(match?.[1] ?? whole.slice(1)) }],
    },
  ];
}

function fullWidth(text: string, { start, end, flow }: Token): Trap[] {
  const value = text.slice(start, end);
  const colon = /^([A-Za-z][\w-]*)\s*：\s*/.exec(value);
  const comma = flow ? value.indexOf('，') : -1;
  const [kind, edit] =
    colon === null
      ? ['comma', { start: start + comma, end: start + comma + 1, text: ', ' }]
      : ['colon', { start, end: start + colon[0].length, text: `${colon[1]}: ` }];
  if (colon === null && comma === -1) return [];
  return [
    { at: kind === 'colon' ? start : edit.start, message: `A full-width ${kind} stands here, use the plain one`, edits: [edit] },
  ];
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** Whether an offset lies in none of the ranges; asked in rising order. */
function outsideOf(ranges: readonly Range[]): (offset: number) => boolean {
  const sorted = ranges.toSorted((a, b) => a.start - b.start);
  let at = 0;
  return (offset) => {
    while (at < sorted.length && (sorted[at]?.end ?? 0) <= offset) at += 1;
    const range = sorted[at];
    return range === undefined || offset < range.start;
  };
}
