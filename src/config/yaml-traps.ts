// Says in words what YAML's parser says in its own terms, with the line as it should read. A file with such a mistake is
// not read further, because everything after it would be guesswork.

import type { Document } from 'yaml';
import type { Findings, Place } from './mistake.ts';

export interface ParsedText {
  readonly file: string;
  readonly text: string;
  readonly document: Document.Parsed;
  readonly placeOf: (offset: number) => Place;
  readonly findings: Findings;
}

/** Reports the syntax errors. What follows on the same line, or on the next, is mostly their echo and left out. */
export function explainSyntax(parsed: ParsedText): void {
  const { document, placeOf, findings, file, text } = parsed;
  const told = new Set<number>();
  for (const [line, message] of lineTraps(text)) {
    findings.mistake(file, { line, column: 1 }, message);
    told.add(line);
  }
  for (const { code, message, pos } of document.errors) {
    if (findings.full) return;
    const offset = isOpenQuote(code, message) ? openQuote(text, pos[0]) : pos[0];
    const place = placeOf(offset);
    if (!told.has(place.line) && !told.has(place.line - 1))
      findings.mistake(file, place, explain(code, message, text, offset, place));
    told.add(place.line);
    // Behind a quote left open everything reads differently.
    if (isOpenQuote(code, message)) return;
  }
}

/** What the parser would take for something else. */
function lineTraps(text: string): (readonly [number, string])[] {
  return text.split('\n').flatMap((line, index): (readonly [number, string])[] => {
    if (/^%[A-Za-z]/.test(line))
      return [[index + 1, 'Directives such as "%YAML 1.1" are not used in this file, delete the line']];
    if (!/^[ \t]*[\u00A0\u2000-\u200B\u3000]/.test(line)) return [];
    return [[index + 1, `Line begins with a non-breaking space, use ordinary spaces: ${line.trim()}`]];
  });
}

function isOpenQuote(code: string, message: string): boolean {
  return code === 'MISSING_CHAR' && message.includes('quote');
}

/** Where the quote stands that is never closed: the parser only notices at the end of the file. */
function openQuote(text: string, end: number): number {
  const lines = text.slice(0, end).split('\n');
  const last = lines.findLastIndex((line) => (line.split('"').length + line.split("'").length) % 2 === 1);
  const line = lines[last] ?? '';
  return lines.slice(0, Math.max(last, 0)).join('\n').length + (last > 0 ? 1 : 0) + Math.max(line.search(/["'][^"']*$/), 0);
}

function explain(code: string, message: string, text: string, offset: number, place: Place): string {
  const line = lineAt(text, offset);
  const braces = explainBraces(line);
  if (braces !== null) return braces;
  switch (code) {
    case 'TAB_AS_INDENT':
      return `Line is indented with a tab, which YAML does not accept; use spaces: "${line.replace(/\t/g, '  ')}"`;
    case 'BAD_DQ_ESCAPE':
      return `Backslash inside double quotes, use single quotes: ${line.trim().replace(/"([^"]*)"/g, "'$1'")}`;
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'MULTILINE_IMPLICIT_KEY':
      return explainColon(line, place);
    case 'BAD_SCALAR_START':
      return `Value begins with "${text[offset]}", which YAML reserves; put it into double quotes: ${quoteFrom(line, place.column)}`;
    case 'BAD_ALIAS':
      return `Pattern begins with "*", which YAML reads as an alias; put it into double quotes: ${correctedLine(line)}`;
    case 'BAD_INDENT':
      return explainIndent(message, line);
    case 'MISSING_CHAR':
      return explainMissing(message, text, offset);
    case 'TAG_RESOLVE_FAILED':
      return 'Tags such as "!file" are not used in this file, write the plain value';
    case 'RESOURCE_EXHAUSTION':
      return 'Brackets, braces or dashes are nested far too deep here';
    case 'MULTIPLE_DOCS':
      return 'Line "---" starts a second document; one file holds one document, delete the line';
    case 'UNEXPECTED_TOKEN':
      return `Line does not end where its value ends; put a value with spaces, quotes or brackets into double quotes: ${line.trim()}`;
    default:
      return `Line cannot be read as YAML (${message.toLowerCase()}): ${line.trim()}`;
  }
}

/** `${NAME}` and an unquoted `{id}` both break inside brackets. */
function explainBraces(line: string): string | null {
  const corrected = correctedLine(line);
  if (/\$\{/.test(line)) {
    return `Variables such as "\${NAME}" are not filled in; write the value itself, or name the variable of a secret with a key that ends in Env: ${line.trim()}`;
  }
  if (corrected === line.trim() || !/\{[\w-]+\}/.test(line)) return null;
  return `Braces start a mapping here, so a path with {name} must stand in double quotes: ${corrected}`;
}

function explainColon(line: string, place: Place): string {
  const tight = /^\s*(?:- )?([A-Za-z][\w-]*):([^\s:/].*)$/.exec(line);
  if (tight !== null) return `Key "${tight[1]}" needs a space after the colon: ${tight[1]}: ${tight[2]}`;
  const pair = /^(\s*(?:- )?[\w-]+):\s+(.*: .*)$/.exec(line);
  if (pair !== null) return `Value contains ": ", so it must stand in double quotes: ${pair[1]?.trim()}: "${pair[2]?.trim()}"`;
  if (/^\s*[\w-]+:\s*\S/.test(line) && place.column > 1) {
    return `Value goes on in the next line as if it were a mapping; check the indentation of the lines after: ${line.trim()}`;
  }
  return `Line lacks the colon after its key, write "key: value": ${line.trim()}`;
}

function explainIndent(message: string, line: string): string {
  const bracket = /end with a ([\]}])/.exec(message)?.[1];
  if (bracket !== undefined) return `Closing "${bracket}" is missing before here: ${line.trim()}`;
  return `Line is indented differently from its neighbours; keys of one mapping start in the same column: ${line.trim()}`;
}

function explainMissing(message: string, text: string, offset: number): string {
  const line = lineAt(text, offset).trim();
  if (message.includes('quote')) return `Closing quote is missing: ${line}`;
  if (message.includes('- indicator'))
    return `Line belongs to no list entry; indent it like the keys of the entry above: ${line}`;
  return `Comma or colon is missing, or a value with brackets lacks its double quotes: ${line}`;
}

/** The line with every bare path that holds braces, or begins with a star, put into double quotes. */
export function correctedLine(line: string): string {
  const bare = /(^|[\s[,{])((?:\/|\*)(?:\{[\w-]+\}|[^\s,[\]{}"'])*)(?=[\s,\]}]|$)/g;
  return line.trim().replace(bare, (whole, before: string, path: string) => {
    return path.includes('{') || path.startsWith('*') ? `${before}"${path}"` : whole;
  });
}

function quoteFrom(line: string, column: number): string {
  return `${line.slice(0, column - 1).trim()} "${line.slice(column - 1).trim()}"`;
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
