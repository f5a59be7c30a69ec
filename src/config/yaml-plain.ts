// Turns the parsed file into plain values and names the traps that YAML itself lets pass: aliases, tags, `${…}`, escapes
// inside double quotes, braces that silently make a mapping, and keys that would reach into JavaScript's prototypes.

import { isAlias, isMap, isPair, isScalar, isSeq, visit } from 'yaml';
import type { Pair, Scalar, YAMLMap } from 'yaml';
import type { ParsedText } from './yaml-document.ts';
import { correctionBy } from './yaml-edits.ts';
import { singleQuoted } from './yaml-traps.ts';

/** The deepest nesting a configuration file needs. */
export const maxDepth = 12;

/** Stands where a value was that has been reported already, so that it is not reported twice. */
export const broken = Symbol('broken');

const prototypeKeys = new Set(['__proto__', 'constructor', 'prototype']);

/** The file's value; mistakes are reported, and what carries one reads as `broken`. */
export function plainValue(parsed: ParsedText): unknown {
  const aliased = new Set<string>();
  visit(parsed.document.contents, { Alias: (_, { source }) => void aliased.add(source) });
  return plain({ ...parsed, aliased }, parsed.document.contents, 0);
}

interface Reading extends ParsedText {
  /** Anchors that an alias names; the alias is told, and they need not be. */
  readonly aliased: ReadonlySet<string>;
}

function plain(parsed: Reading, node: unknown, depth: number): unknown {
  if (node === null || node === undefined) return null;
  if (parsed.findings.full) return broken;
  if (depth > maxDepth) return report(parsed, node, `Value is nested deeper than ${maxDepth} levels`);
  if (isAlias(node)) return alias(parsed, node);
  if (hasTag(node))
    return report(parsed, node, 'Tags such as "!file" or "!!str" are not used in this file, write the plain value');
  tellAnchor(parsed, node);
  if (isScalar(node)) return scalar(parsed, node);
  if (isSeq(node)) return node.items.map((item) => plain(parsed, item, depth + 1));
  return isMap(node) ? mapping(parsed, node, depth) : report(parsed, node, 'Value cannot be read');
}

function mapping(parsed: Reading, node: YAMLMap, depth: number): unknown {
  const value: Record<string, unknown> = {};
  // Looked for here: the parser itself compares every key with every other, which takes seconds in a long file.
  const keys = new Map<string, number>();
  let whole = true;
  for (const item of node.items) {
    if (!isPair(item)) continue;
    const key = keyOf(parsed, item.key);
    // What stands under a key that cannot be read is missing from the mapping, and must not be missed.
    if (key === null) whole &&= isScalar(item.key) && prototypeKeys.has(String(item.key.value));
    else if (keys.has(key)) {
      const message = `Key "${key}" stands twice, first in line ${keys.get(key)}; join the two or delete one`;
      report(parsed, item.key, message);
    } else {
      keys.set(key, parsed.placeOf(startOf(item.key)).line);
      whole = entry(parsed, { key, item, alone: node.items.length === 1, depth }, value) && whole;
    }
  }
  return whole ? value : broken;
}

interface Entry {
  readonly key: string;
  readonly item: Pair;
  readonly alone: boolean;
  readonly depth: number;
}

/** False where the entry is a key alone, in braces. */
function entry(parsed: Reading, { key, item, alone, depth }: Entry, value: Record<string, unknown>): boolean {
  if (item.value !== null) {
    value[key] = plain(parsed, item.value, depth + 1);
    return true;
  }
  if (!alone) report(parsed, item.key, `Key "${key}" has no value; a list stands in [brackets], a mapping in {key: value}`);
  else {
    const fix = `put {${key}} into double quotes if it stands for a value or a path, or write it without the braces`;
    const edit = bracesAround(parsed, startOf(item.key), key.length);
    report(parsed, item.key, `Braces make a mapping of "${key}" here; ${fix}`, edit);
  }
  return false;
}

/** `user: {name}` was meant as it stands; in `[physician, {nurse}]` the braces are too many, because no path begins so. */
function bracesAround({ text }: Reading, start: number, length: number): Edited | undefined {
  const open = text.slice(0, start).trimEnd().length - 1;
  const close = start + length + (/^\s*\}/.exec(text.slice(start + length))?.[0].length ?? 0);
  if (text[open] !== '{' || text[close - 1] !== '}') return undefined;
  const isValue = text.slice(0, open).trimEnd().endsWith(':');
  const name = text.slice(start, start + length);
  return { start: open, end: close, text: isValue ? `"{${name}}"` : name };
}

function keyOf(parsed: Reading, node: unknown): string | null {
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

function scalar(parsed: Reading, node: Scalar): unknown {
  const { value } = node;
  if (typeof value !== 'string') return value;
  const written = rangeText(parsed, node);
  if (node.type === 'QUOTE_DOUBLE' && written.replace(/\\["\\]/g, '').includes('\\')) return escape(parsed, node, written);
  if (!value.includes('${')) return value;
  const fix = 'write the value itself, or name the variable of a secret with a key that ends in Env';
  return report(
    parsed,
    node,
    `Variables are not filled in, so "${value}" would be taken as it stands; ${fix}`,
    environment(parsed, node, value),
  );
}

/** `clientSecret: ${OIDC}` as it was meant, `clientSecretEnv: OIDC`; also where the key says File or Env already. */
function environment({ text }: Reading, node: Scalar, value: string): Edited | undefined {
  const name = /^\$\{([A-Z_][A-Z0-9_]*)\}$/.exec(value)?.[1];
  const [start = 0, end = 0] = node.range ?? [];
  const key = /(clientSecret|[pP]assword|secret)(File|Env)?(["']?\s*:\s*)$/.exec(
    text.slice(text.lastIndexOf('\n', start) + 1, start),
  );
  if (name === undefined || key === null) return undefined;
  return { start: start - key[0].length, end, text: `${key[1]}Env${key[3]}${name}` };
}

/** YAML reads `"CLINIC\Physicians"` as CLINIC, a paragraph separator and hysicians, without a word. */
function escape(parsed: Reading, node: Scalar, written: string): typeof broken {
  const found = /\\[^"\\]?/.exec(written.slice(1, -1).replace(/\\["\\]/g, '  '))?.[0] ?? '\\';
  const meant = singleQuoted(written);
  const message = `Backslash inside double quotes: YAML reads "${found}" as another character, use single quotes: ${meant}`;
  return report(parsed, node, message, { start: startOf(node), end: startOf(node) + written.length, text: meant });
}

function alias(parsed: Reading, node: { readonly source: string }): typeof broken {
  const source = `*${node.source}`;
  const start = startOf(node);
  if (/^\*[A-Za-z_][\w-]*$/.test(source)) {
    const message = `Value ${source} is a YAML alias, which is not used in this file; write the value out, or put it into double quotes if it is a pattern`;
    return report(parsed, node, message, anchored(parsed, node.source, start));
  }
  const message = `Pattern ${source} begins with "*", which YAML reads as an alias; put it into double quotes, with a slash in front`;
  return report(parsed, node, message, { start, end: start + source.length, text: `"/${source}"` });
}

/** The value that the alias stands for, where it fits into a line. */
function anchored({ document, text }: Reading, name: string, start: number): Edited | undefined {
  let found: string | undefined;
  visit(document.contents, {
    Node: (_, one) => {
      if (isAlias(one) || one.anchor !== name || !one.range) return undefined;
      const [from, to] = one.range;
      found = text.slice(from, to);
      return visit.BREAK;
    },
  });
  const plainly = found !== undefined && !/[\n*&]/.test(found) && found.length < 200 && !/^\w[\w-]*:\s/.test(found);
  return plainly && found !== undefined ? { start, end: start + name.length + 1, text: found } : undefined;
}

function tellAnchor(parsed: Reading, node: unknown): void {
  if (typeof node !== 'object' || node === null || !('anchor' in node) || typeof node.anchor !== 'string') return;
  if (parsed.aliased.has(node.anchor)) return;
  const before = parsed.text.slice(0, startOf(node));
  const mark = `&${node.anchor}`;
  const at = before.lastIndexOf(mark);
  const edit = { start: at, end: at + mark.length + (/^[ \t]/.test(before.slice(at + mark.length)) ? 1 : 0), text: '' };
  const message = `Anchor "${mark}" is not used in this file, delete it; a value that begins with "&" stands in double quotes`;
  reportAt(parsed, at, message, at === -1 ? undefined : edit);
}

function hasTag(node: unknown): boolean {
  return typeof node === 'object' && node !== null && 'tag' in node && typeof node.tag === 'string';
}

function rangeText(parsed: Reading, node: Scalar): string {
  return parsed.text.slice(node.range?.[0] ?? 0, node.range?.[1] ?? 0);
}

function startOf(node: unknown): number {
  const range = typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range) ? node.range : [];
  const start: unknown = range[0];
  return typeof start === 'number' ? start : 0;
}

type Edited = Parameters<typeof correctionBy>[1][number];

function report(parsed: Reading, node: unknown, message: string, edit?: Edited): typeof broken {
  return reportAt(parsed, startOf(node), message, edit);
}

function reportAt({ file, text, placeOf, findings }: Reading, at: number, message: string, edit?: Edited): typeof broken {
  const correction = edit === undefined ? null : correctionBy(text, [edit]);
  findings.mistake(file, placeOf(Math.max(at, 0)), message, { correction });
  return broken;
}
