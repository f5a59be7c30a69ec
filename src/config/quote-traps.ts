// Finds values in brackets that need quotes, and quotes and brackets that are never closed, told where they were opened.
// Only looked for where the parser gave up.

import type { Trap } from './yaml-edits.ts';
import { lineNumber, quoted } from './yaml-edits.ts';
import type { Comment, Scan, Token, Unclosed } from './yaml-scan.ts';

/** `${NAME}` and an unquoted `{id}` both break inside brackets. */
export function gluedTraps(text: string, { tokens }: Scan): Trap[] {
  return tokens.flatMap((token) => (token.glued ? [glued(text, token)] : []));
}

function glued(text: string, { start, end }: Token): Trap {
  const value = text.slice(start, end);
  const path = /^\{[\w-]+\}\//.test(value) ? `/${value}` : value;
  const edits = [{ start, end, text: quoted(path) }];
  // In quotes it can be read, and then it is told that nobody fills it in.
  if (value.includes('${')) return { at: start, message: '', edits };
  const why = value.includes('{')
    ? 'Braces start a mapping here, so a path with {name} must stand in double quotes'
    : `Value ${value} holds brackets, so it must stand in double quotes`;
  return { at: start, message: why, edits };
}

/** A value that begins with "!" is a tag to YAML, and then empty. */
export function tagTraps(text: string, { tokens }: Scan): Trap[] {
  return tokens.flatMap(({ kind, start, end }) => {
    const value = text.slice(start, end);
    if (kind !== 'plain' || !/^![^!\s]*$/.test(value)) return [];
    const message = 'Value begins with "!", which YAML takes for a tag; put it into double quotes';
    return [{ at: start, message, edits: [{ start, end, text: quoted(value) }] }];
  });
}

/** The first quote or bracket that is never closed; what follows it reads differently once it is. */
export function unclosedTrap(text: string, scan: Scan): Trap | null {
  const trap = firstUnclosed(text, scan);
  return trap === null ? null : { ...trap, guessedFrom: -1 };
}

function firstUnclosed(text: string, scan: Scan): Trap | null {
  const [quote] = scan.quotes;
  const bracket = scan.brackets.toSorted((a, b) => b.start - a.start).toSorted((a, b) => a.closeAt - b.closeAt)[0];
  if (quote !== undefined && (bracket === undefined || quote.start < bracket.closeAt)) return openQuote(text, quote);
  if (bracket !== undefined) return openBracket(text, bracket, scan);
  const [stray] = scan.strays;
  if (stray === undefined) return null;
  const edits = [{ start: stray, end: stray + 1, text: '' }];
  return { at: stray, message: `"${text[stray]}" closes nothing that was opened, delete it`, edits };
}

function openQuote(text: string, { start, closeAt }: Unclosed): Trap {
  const mark = text[start] ?? '"';
  return {
    at: start,
    message: `Closing quote is missing: the one opened here needs another ${mark} where its value ends`,
    edits: [{ start: closeAt, end: closeAt, text: mark }],
  };
}

function openBracket(text: string, { start, closeAt }: Unclosed, scan: Scan): Trap {
  const mark = text[start] === '[' ? ']' : '}';
  const swallowed = scan.comments.find((comment) => swallows(text, comment, start));
  if (swallowed !== undefined) return cutShort(text, swallowed);
  const there = lineNumber(text, closeAt);
  const where = there === lineNumber(text, start) ? 'it most likely ends in this line' : `it most likely ends in line ${there}`;
  const blank = mark === '}' && text[closeAt - 1] !== '{' ? ' ' : '';
  return {
    at: start,
    message: `Closing "${mark}" is missing: "${text[start]}" is opened here and never closed, ${where}`,
    edits: [{ start: closeAt, end: closeAt, text: `${blank}${mark}` }],
  };
}

/** `[a, b #2]`: the bracket stands in what YAML takes for a comment. */
function swallows(text: string, { start, end, behind }: Comment, bracket: number): boolean {
  return (
    behind !== null &&
    start > bracket &&
    /^#\S.*[,\]}]/.test(text.slice(start, end)) &&
    !text.slice(bracket, start).includes('\n')
  );
}

function cutShort(text: string, { start, end, behind }: Comment): Trap {
  const rest = text.slice(start, end);
  const length = rest.search(/\s*[,\]}]/);
  const from = behind?.start ?? start;
  const whole = text.slice(from, start + length);
  return {
    at: start,
    message: `"${rest.slice(0, length)}" is a comment to YAML, with everything behind it; put the value into double quotes`,
    edits: [{ start: from, end: start + length, text: quoted(whole) }],
  };
}
