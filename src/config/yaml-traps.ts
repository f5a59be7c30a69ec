// Says in words what YAML's parser says in its own terms, with the line as it should read. Only asked for the first error
// of a text in which nothing plainer was found; what the parser says of the rest is mostly its echo.

import type { YAMLParseError } from 'yaml';
import type { Edit, Trap } from './yaml-edits.ts';
import { lineAt, quoted } from './yaml-edits.ts';

type Explained = readonly [message: string, ...edits: Edit[]];

export function explainError(text: string, { code, message, pos }: Pick<YAMLParseError, 'code' | 'message' | 'pos'>): Trap {
  const [at] = pos;
  const [words, ...edits] = explain(text, code, message, at);
  return { at, message: words, edits };
}

function explain(text: string, code: string, message: string, at: number): Explained {
  const line = lineAt(text, at);
  switch (code) {
    case 'TAB_AS_INDENT':
      return ['A tab stands where YAML wants blanks, replace it', ...tabsAt(text, at)];
    case 'BAD_DQ_ESCAPE':
      return escape(text, at);
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'MULTILINE_IMPLICIT_KEY':
      return withoutColon(text, at);
    case 'BAD_SCALAR_START':
      return [`Value begins with "${text[at]}", which YAML reserves; put it into double quotes`, ...quoteRest(text, at)];
    case 'BAD_ALIAS':
      return starAlone(text, at);
    case 'BAD_INDENT':
      return [`Line is indented differently from its neighbours; keys of one mapping start in the same column: ${line.trim()}`];
    case 'MISSING_CHAR':
      return missing(text, message, at);
    case 'TAG_RESOLVE_FAILED':
      return ['Tags such as "!file" are not used in this file, write the plain value'];
    case 'RESOURCE_EXHAUSTION':
      return ['Brackets, braces or dashes are nested far too deep here'];
    case 'MULTIPLE_DOCS':
      return [
        'Line "---" starts a second document; one file holds one document, delete the line',
        { start: lineStart(text, at), end: lineStart(text, at) + line.length, text: '' },
      ];
    case 'UNEXPECTED_TOKEN':
      return [
        `Line does not end where its value ends; put a value with spaces, quotes or brackets into double quotes: ${line.trim()}`,
      ];
    default:
      return [`Line cannot be read as YAML (${message.toLowerCase()}): ${line.trim()}`];
  }
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

function tabsAt(text: string, at: number): Edit[] {
  const tabs = /\t+/y;
  tabs.lastIndex = at;
  const match = tabs.exec(text);
  return match === null ? [] : [{ start: at, end: at + match[0].length, text: ' ' }];
}

/** The whole text in double quotes around an escape that YAML does not know, in single ones. */
function escape(text: string, at: number): Explained {
  const start = lineStart(text, at);
  const line = lineAt(text, at);
  const around = [...line.matchAll(/"(?:[^"\\]|\\.)*"/g)].find(
    ({ index, 0: whole }) => start + index <= at && at < start + index + whole.length,
  );
  const message = 'Backslash inside double quotes, use single quotes';
  if (around === undefined) return [`${message}: ${line.trim()}`];
  const from = start + around.index;
  return [message, { start: from, end: from + around[0].length, text: singleQuoted(around[0]) }];
}

/** `"CLINIC\Users"` as it was meant, `'CLINIC\Users'`. */
export function singleQuoted(written: string): string {
  // Whoever writes one backslash where two belong means each of them.
  const inside = written.slice(1, -1).replaceAll('\\"', '"');
  return `'${inside.replaceAll("'", "''")}'`;
}

function withoutColon(text: string, at: number): Explained {
  const line = lineAt(text, at);
  const pair = /^(\s*(?:- )?[a-z][A-Za-z-]*)\s+([^\s:#].*)$/.exec(line);
  if (/^\s*(?:- )?[\w-]+:(\s|$)/.test(line)) {
    return [`Value goes on in the next line as if it were a mapping; check the indentation of the lines after: ${line.trim()}`];
  }
  if (pair === null || / [|>&]|:(\s|$)/.test(line))
    return [`Line lacks the colon after its key, write "key: value": ${line.trim()}`];
  const end = lineStart(text, at) + (pair[1] ?? '').length;
  return [`Line lacks the colon after its key`, { start: end, end, text: ':' }];
}

function quoteRest(text: string, at: number): Edit[] {
  const rest = lineAt(text, at).slice(at - lineStart(text, at));
  const before = text.slice(lineStart(text, at), at);
  const inBrackets = /[[{,][^\]}]*$/.test(before);
  const value = (inBrackets ? /^[^,\]}]*/ : /^.*?(?=\s+#\s|$)/).exec(rest)?.[0].trimEnd() ?? '';
  return value === '' ? [] : [{ start: at, end: at + value.length, text: quoted(value) }];
}

/** `allow: *` */
function starAlone(text: string, at: number): Explained {
  const before = text.slice(lineStart(text, at), at);
  const everyone = /\ballow:\s*$/.test(before) ? 'everyone' : null;
  if (everyone !== null) {
    return ['"*" is no role, and an alias to YAML; write everyone', { start: at, end: at + 1, text: everyone }];
  }
  const list = /\bmethods:\s*(\[[^\]]*)?$/.exec(before);
  if (list !== null) {
    const all = 'GET, POST, PUT, PATCH, DELETE';
    const message = '"*" is no method, and an alias to YAML; name the methods';
    return [message, { start: at, end: at + 1, text: list[1] === undefined ? `[${all}]` : all }];
  }
  const message = 'Pattern * begins with "*", which YAML reads as an alias; put it into double quotes, with a slash in front';
  return [message, { start: at, end: at + 1, text: '"/*"' }];
}

function missing(text: string, message: string, at: number): Explained {
  const line = lineAt(text, at).trim();
  if (message.includes('quote')) return [`Closing quote is missing: ${line}`];
  if (message.includes('- indicator'))
    return [`Line belongs to no list entry; indent it like the keys of the entry above: ${line}`];
  const end = text.slice(0, at).trimEnd().length;
  if (/[\w"'\]}*/]$/.test(text.slice(0, end)) && end > lineStart(text, at)) {
    return ['Comma is missing between two entries', { start: end, end, text: ',' }];
  }
  return [`Comma or colon is missing, or a value with brackets lacks its double quotes: ${line}`];
}
