// Turns the parsed file into plain values and names the traps that YAML itself lets pass: aliases, tags, `${…}`, escapes
// inside double quotes, braces that silently make a mapping, and keys that would reach into JavaScript's prototypes.

import { isAlias, isMap, isPair, isScalar, isSeq } from 'yaml';
import type { Scalar } from 'yaml';
import type { ParsedText } from './yaml-traps.ts';
import { correctedLine, lineAt } from './yaml-traps.ts';

/** The deepest nesting a configuration file needs. */
export const maxDepth = 12;

/** Stands where a value was that has been reported already, so that it is not reported twice. */
export const broken = Symbol('broken');

const prototypeKeys = new Set(['__proto__', 'constructor', 'prototype']);

/** The file's value; mistakes are reported, and what carries one reads as `broken`. */
export function plainValue(parsed: ParsedText): unknown {
  return plain(parsed, parsed.document.contents, 0);
}

function plain(parsed: ParsedText, node: unknown, depth: number): unknown {
  if (node === null || node === undefined) return null;
  if (parsed.findings.full) return broken;
  if (depth > maxDepth) return report(parsed, node, `Value is nested deeper than ${maxDepth} levels`);
  if (isAlias(node)) return report(parsed, node, aliasMessage(parsed, node));
  if (hasTag(node))
    return report(parsed, node, 'Tags such as "!file" or "!!str" are not used in this file, write the plain value');
  if (isScalar(node)) return scalar(parsed, node);
  if (isSeq(node)) return node.items.map((item) => plain(parsed, item, depth + 1));
  if (!isMap(node)) return report(parsed, node, 'Value cannot be read');
  const value: Record<string, unknown> = {};
  // Looked for here: the parser itself compares every key with every other, which takes seconds in a long file.
  const keys = new Set<string>();
  let whole = true;
  for (const item of node.items) {
    if (!isPair(item)) continue;
    const key = keyOf(parsed, item.key);
    if (key === null) continue;
    if (keys.has(key)) {
      report(parsed, item.key, `Key "${key}" stands twice, join the two or delete one`);
      continue;
    }
    keys.add(key);
    const loose = item.value === null;
    if (loose) report(parsed, item.key, looseKeyMessage(parsed, item.key, key, node.items.length === 1));
    else value[key] = plain(parsed, item.value, depth + 1);
    whole &&= !loose;
  }
  return whole ? value : broken;
}

function keyOf(parsed: ParsedText, node: unknown): string | null {
  if (!isScalar(node)) {
    report(parsed, node, 'Key must be plain text; text that contains braces or brackets stands in double quotes');
    return null;
  }
  const key = typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
  if (prototypeKeys.has(key)) {
    report(parsed, node, `Key "${key}" is not allowed`);
    return null;
  }
  if (key === '<<') {
    report(parsed, node, 'Merge key "<<" is not used in this file, write the keys out');
    return null;
  }
  return key;
}

function scalar(parsed: ParsedText, node: Scalar): unknown {
  const { value } = node;
  if (typeof value !== 'string') return value;
  if (
    node.type === 'QUOTE_DOUBLE' &&
    rangeText(parsed, node)
      .replace(/\\["\\]/g, '')
      .includes('\\')
  ) {
    return report(parsed, node, escapeMessage(rangeText(parsed, node)));
  }
  if (value.includes('${')) {
    const fix = 'write the value itself, or name the variable of a secret with a key that ends in Env';
    return report(parsed, node, `Variables are not filled in, so "${value}" would be taken as it stands; ${fix}`);
  }
  if (/^[\u201C\u201D\u2018\u2019\u00AB]/.test(value)) {
    return report(parsed, node, `Value ${value} begins with a typographic quote, use the plain one: "`);
  }
  return value;
}

/** YAML reads `"CLINIC\Physicians"` as CLINIC, a paragraph separator and hysicians, without a word. */
function escapeMessage(written: string): string {
  const inside = written.slice(1, -1);
  const escape = /\\[^"\\]?/.exec(inside.replace(/\\["\\]/g, '  '))?.[0] ?? '\\';
  return `Backslash inside double quotes: YAML reads "${escape}" as another character, use single quotes: '${inside.replace(/\\\\/g, '\\')}'`;
}

function aliasMessage(parsed: ParsedText, node: unknown): string {
  const offset = startOf(node);
  const line = lineAt(parsed.text, offset);
  const source = `*${isAlias(node) ? node.source : ''}`;
  if (/^\s*[&*]?[A-Za-z_]\w*$/.test(source.slice(1))) {
    return `Value ${source} is a YAML alias, which is not used in this file; write the value out, or put it into double quotes if it is a pattern`;
  }
  return `Pattern ${source} begins with "*", which YAML reads as an alias; put it into double quotes: ${correctedLine(line)}`;
}

function looseKeyMessage(parsed: ParsedText, node: unknown, key: string, alone: boolean): string {
  const line = lineAt(parsed.text, startOf(node));
  const corrected = correctedLine(line);
  if (corrected !== line.trim()) {
    return `Braces start a mapping here, so {${key}} is not read as part of a path; put the path into double quotes: ${corrected}`;
  }
  const missingSpace = /^([A-Za-z]+):(\S.*)$/.exec(key);
  if (missingSpace !== null) return `Key "${key}" needs a space after the colon: ${missingSpace[1]}: ${missingSpace[2]}`;
  if (alone)
    return `Braces make a mapping of "${key}" here; write it without them, or put a path with {${key}} into double quotes`;
  return `Key "${key}" has no value; a list stands in [brackets], a mapping in {key: value}`;
}

function hasTag(node: unknown): boolean {
  return typeof node === 'object' && node !== null && 'tag' in node && typeof node.tag === 'string';
}

function rangeText(parsed: ParsedText, node: Scalar): string {
  return parsed.text.slice(node.range?.[0] ?? 0, node.range?.[1] ?? 0);
}

function startOf(node: unknown): number {
  const range = typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range) ? node.range : [];
  const start: unknown = range[0];
  return typeof start === 'number' ? start : 0;
}

function report(parsed: ParsedText, node: unknown, message: string): typeof broken {
  parsed.findings.mistake(parsed.file, parsed.placeOf(startOf(node)), message);
  return broken;
}
