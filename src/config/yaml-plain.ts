// Turns the parsed file into plain values and names the traps that YAML itself lets pass: aliases, tags, `${…}`, escapes
// inside double quotes, braces that silently make a mapping, and keys that would reach into JavaScript's prototypes.

import type { ParsedText } from './yaml-document.ts';
import { correctionBy } from './yaml-edits.ts';
import { singleQuoted } from './yaml-traps.ts';
import { nodesOf } from './yaml-tree.ts';
import type { YamlAlias, YamlMapping, YamlNode, YamlPair, YamlScalar } from './yaml-tree.ts';

/** The deepest nesting a configuration file needs. */
export const maxDepth = 12;

/** Stands where a value was that has been reported already, so that it is not reported twice. */
export const broken = Symbol('broken');

const prototypeKeys = new Set(['__proto__', 'constructor', 'prototype']);

/** The file's value; mistakes are reported, and what carries one reads as `broken`. */
export function plainValue(parsed: ParsedText): unknown {
  // The reader that decides takes no alias, so there is none where nothing is refused.
  const nodes = parsed.refused === null ? [] : nodesOf(parsed.root);
  const aliased = new Set(nodes.flatMap((node) => (node.kind === 'alias' ? [node.source] : [])));
  return plain({ ...parsed, nodes, aliased }, parsed.root, 0);
}

interface Reading extends ParsedText {
  /** All of them, where there may be an alias. */
  readonly nodes: readonly YamlNode[];
  /** Anchors that an alias names; the alias is told, and they need not be. */
  readonly aliased: ReadonlySet<string>;
}

function plain(parsed: Reading, node: YamlNode | null, depth: number): unknown {
  if (node === null) return null;
  if (parsed.findings.full) return broken;
  if (depth > maxDepth) return report(parsed, node, `Value is nested deeper than ${maxDepth} levels`);
  if (node.kind === 'alias') return alias(parsed, node);
  if (node.isTagged)
    return report(parsed, node, 'Tags such as "!file" or "!!str" are not used in this file, write the plain value');
  tellAnchor(parsed, node);
  if (node.kind === 'scalar') return scalar(parsed, node);
  if (node.kind === 'list') return node.items.map((item) => plain(parsed, item, depth + 1));
  return node.kind === 'mapping' ? mapping(parsed, node, depth) : report(parsed, node, 'Value cannot be read');
}

function mapping(parsed: Reading, { pairs }: YamlMapping, depth: number): unknown {
  const value: Record<string, unknown> = {};
  const keys = new Map<string, YamlNode>();
  let whole = true;
  for (const pair of pairs) {
    const key = keyOf(parsed, pair.key);
    // What stands under a key that cannot be read is missing from the mapping, and must not be missed.
    if (key === null) {
      whole &&= pair.key?.kind === 'scalar' && prototypeKeys.has(String(pair.key.value));
      continue;
    }
    const first = keys.get(key);
    if (first !== undefined) {
      const message = `Key "${key}" stands twice, first in line ${parsed.placeOf(first.start).line}; join the two or delete one`;
      report(parsed, pair.key, message);
    } else if (pair.key !== null) {
      keys.set(key, pair.key);
      whole = entry(parsed, { key, pair, alone: pairs.length === 1, depth }, value) && whole;
    }
  }
  return whole ? value : broken;
}

interface Entry {
  readonly key: string;
  readonly pair: YamlPair;
  readonly alone: boolean;
  readonly depth: number;
}

/** False where the entry is a key alone, in braces. */
function entry(parsed: Reading, { key, pair, alone, depth }: Entry, value: Record<string, unknown>): boolean {
  if (pair.value !== null) {
    value[key] = plain(parsed, pair.value, depth + 1);
    return true;
  }
  if (!alone) report(parsed, pair.key, `Key "${key}" has no value; a list stands in [brackets], a mapping in {key: value}`);
  else {
    const fix = `put {${key}} into double quotes if it stands for a value or a path, or write it without the braces`;
    const edit = bracesAround(parsed, startOf(pair.key), key.length);
    report(parsed, pair.key, `Braces make a mapping of "${key}" here; ${fix}`, edit);
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

function keyOf(parsed: Reading, node: YamlNode | null): string | null {
  if (node?.kind !== 'scalar') {
    report(parsed, node, 'Key must be plain text; text that contains braces or brackets stands in double quotes');
    return null;
  }
  const key = node.source;
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

function scalar(parsed: Reading, node: YamlScalar): unknown {
  const { value } = node;
  if (typeof value !== 'string') return value;
  const written = parsed.text.slice(node.start, node.end);
  if (node.isDoubleQuoted && written.replace(/\\["\\]/g, '').includes('\\')) return escape(parsed, node, written);
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
function environment({ text }: Reading, { start, end }: YamlScalar, value: string): Edited | undefined {
  const name = /^\$\{([A-Z_][A-Z0-9_]*)\}$/.exec(value)?.[1];
  const key = /(clientSecret|[pP]assword|secret)(File|Env)?(["']?\s*:\s*)$/.exec(
    text.slice(text.lastIndexOf('\n', start) + 1, start),
  );
  if (name === undefined || key === null) return undefined;
  return { start: start - key[0].length, end, text: `${key[1]}Env${key[3]}${name}` };
}

/** YAML reads `"CLINIC\Physicians"` as CLINIC, a paragraph separator and hysicians, without a word. */
function escape(parsed: Reading, node: YamlScalar, written: string): typeof broken {
  const found = /\\[^"\\]?/.exec(written.slice(1, -1).replace(/\\["\\]/g, '  '))?.[0] ?? '\\';
  const meant = singleQuoted(written);
  const message = `Backslash inside double quotes: YAML reads "${found}" as another character, use single quotes: ${meant}`;
  return report(parsed, node, message, { start: node.start, end: node.end, text: meant });
}

function alias(parsed: Reading, node: YamlAlias): typeof broken {
  const source = `*${node.source}`;
  const { start } = node;
  if (/^\*[A-Za-z_][\w-]*$/.test(source)) {
    const message = `Value ${source} is a YAML alias, which is not used in this file; write the value out, or put it into double quotes if it is a pattern`;
    return report(parsed, node, message, anchored(parsed, node.source, start));
  }
  const message = `Pattern ${source} begins with "*", which YAML reads as an alias; put it into double quotes, with a slash in front`;
  return report(parsed, node, message, { start, end: start + source.length, text: `"/${source}"` });
}

/** The value that the alias stands for, where it fits into a line. */
function anchored({ nodes, text }: Reading, name: string, start: number): Edited | undefined {
  const node = nodes.find(({ anchor }) => anchor === name);
  const found = node === undefined ? undefined : text.slice(node.start, node.end);
  const plainly = found !== undefined && !/[\n*&]/.test(found) && found.length < 200 && !/^\w[\w-]*:\s/.test(found);
  return plainly ? { start, end: start + name.length + 1, text: found } : undefined;
}

function tellAnchor(parsed: Reading, { anchor, start }: YamlNode): void {
  if (anchor === null || parsed.aliased.has(anchor)) return;
  const before = parsed.text.slice(0, start);
  const mark = `&${anchor}`;
  const at = before.lastIndexOf(mark);
  const edit = { start: at, end: at + mark.length + (/^[ \t]/.test(before.slice(at + mark.length)) ? 1 : 0), text: '' };
  const message = `Anchor "${mark}" is not used in this file, delete it; a value that begins with "&" stands in double quotes`;
  reportAt(parsed, at, message, at === -1 ? undefined : edit);
}

function startOf(node: YamlNode | null): number {
  return node?.start ?? 0;
}

type Edited = Parameters<typeof correctionBy>[1][number];

function report(parsed: Reading, node: YamlNode | null, message: string, edit?: Edited): typeof broken {
  return reportAt(parsed, startOf(node), message, edit);
}

function reportAt({ file, text, placeOf, findings }: Reading, at: number, message: string, edit?: Edited): typeof broken {
  const correction = edit === undefined ? null : correctionBy(text, [edit]);
  findings.mistake(file, placeOf(Math.max(at, 0)), message, { correction });
  return broken;
}
