// Finds colons, commas and dashes that stand where YAML reads them otherwise: `key:value`, `help: Call: 4357`, `-{ … }`.
// Looked for where the parser gave up, apart from braces with `key:value` in them, which it takes for something else.

import type { Trap } from './yaml-edits.ts';
import { quoted } from './yaml-edits.ts';
import type { BlockLine, Scan, SecondColon, Token } from './yaml-scan.ts';

/** A key with its value right behind the colon; `http://…` and addresses such as fd00::/8 are none. */
const tightPair = /^([A-Za-z][\w-]*):(?!\/\/)([^\s:].*)$/;
const address = /^[0-9A-Fa-f:.]+(\/\d+)?$/;

/** `name:screens` in braces is a key without value to YAML. */
export function looseTraps(text: string, { loose }: Scan): Trap[] {
  return loose.flatMap((token) => tight(text, token));
}

export function colonTraps(text: string, scan: Scan): Trap[] {
  return [...scan.lines.flatMap((line) => lineTraps(text, line)), ...scan.colons.map((entry) => secondColon(text, entry))];
}

function lineTraps(text: string, line: BlockLine): Trap[] {
  const { key, value, trailing } = line;
  const first = key ?? value;
  const dashed = first?.kind === 'plain' && !line.dash ? dash(text, first) : [];
  if (dashed.length > 0) return dashed;
  if (key === null && value?.kind === 'plain') return [...tight(text, value), ...equals(text, value)];
  return trailing === null ? [] : behind(text, line, trailing);
}

function tight(text: string, token: Token): Trap[] {
  const value = text.slice(token.start, token.end);
  const pair = tightPair.exec(value);
  if (token.kind !== 'plain' || pair === null || address.test(value)) return [];
  const [, key = ''] = pair;
  const at = token.start + key.length + 1;
  return [
    {
      at: token.start,
      message: `Key "${key}" needs a space after the colon`,
      edits: [{ start: at, end: at, text: ' ' }],
    },
  ];
}

function equals(text: string, { start, end }: Token): Trap[] {
  const pair = /^([A-Za-z][\w-]*)\s*=\s*/.exec(text.slice(start, end));
  if (pair === null) return [];
  const edit = { start, end: start + pair[0].length, text: `${pair[1]}: ` };
  return [{ at: start, message: `Key "${pair[1]}" stands before "=", write a colon and a space instead`, edits: [edit] }];
}

/** `-name: x` and `-{ … }`. */
function dash(text: string, { start, end }: Token): Trap[] {
  if (!/^-[A-Za-z{["'/]/.test(text.slice(start, end))) return [];
  const edit = { start: start + 1, end: start + 1, text: ' ' };
  return [{ at: start, message: 'A list entry needs a space after its "-"', edits: [edit], alone: true }];
}

/** What stands behind a value that has ended. */
function behind(text: string, { value }: BlockLine, trailing: number): Trap[] {
  const rest = /^[^\n]*?(?=\s*(?:\s#|\r?\n|$))/.exec(text.slice(trailing))?.[0] ?? '';
  const end = trailing + rest.length;
  if (rest === '') return [];
  if (/^[,;\]}]+$/.test(rest)) {
    const edit = { start: trailing, end, text: '' };
    return [{ at: trailing, message: `"${rest}" does not belong here, delete it`, edits: [edit] }];
  }
  if (value === null) return [];
  const edit = { start: value.start, end, text: quoted(text.slice(value.start, end)) };
  const message = rest.startsWith(':')
    ? 'Value contains ": ", so it must stand in double quotes'
    : 'Value goes on behind its closing quote, so all of it must stand in quotes';
  return [{ at: value.start, message, edits: [edit] }];
}

/** `{ area: ehr.chart allow: nurse }` lacks a comma, `{ help: Call: 4357 }` its quotes: keys begin with a small letter. */
function secondColon(text: string, { value, colon, end }: SecondColon): Trap {
  const before = text.slice(value.start, colon).trimEnd();
  const word = /^(.*?\S)\s+(?:["']?)([a-z][A-Za-z-]*)(?:["']?)$/s.exec(before);
  if (word !== null || value.end < value.start + before.length) {
    const at = word === null ? value.end : value.start + (word[1] ?? '').length;
    const key = word?.[2] ?? text.slice(value.end, colon).trim();
    return { at, message: `Comma is missing before "${key}:"`, edits: [{ start: at, end: at, text: ',' }] };
  }
  if (/^[\]}]/.test(before)) {
    const edits =
      text.slice(colon + 1, Math.max(end, colon + 1)).trim() === '' ? [{ start: colon, end: colon + 1, text: '' }] : [];
    return { at: colon, message: 'A colon stands behind a bracket, where none belongs', edits };
  }
  const whole = text.slice(value.start, Math.max(end, colon + 1));
  const edits = whole.includes('\n') ? [] : [{ start: value.start, end: value.start + whole.length, text: quoted(whole) }];
  return { at: value.start, message: 'Value contains ": ", so it must stand in double quotes', edits };
}
