// What a YAML text is made of, each part with where it stands: offsets are UTF-16 units from the text's beginning.

import { isAlias, isMap, isPair, isScalar, isSeq } from 'yaml';

interface Part {
  readonly start: number;
  readonly end: number;
  /** `&name` in front of it. */
  readonly anchor: string | null;
  /** `!name` in front of it. */
  readonly isTagged: boolean;
}

export interface YamlScalar extends Part {
  readonly kind: 'scalar';
  /** By the core schema (YAML 1.2.2, section 10.3). */
  readonly value: unknown;
  /** Its text without quotes and escapes. */
  readonly source: string;
  readonly isDoubleQuoted: boolean;
}

export interface YamlList extends Part {
  readonly kind: 'list';
  readonly items: readonly (YamlNode | null)[];
}

export interface YamlMapping extends Part {
  readonly kind: 'mapping';
  readonly pairs: readonly YamlPair[];
}

export interface YamlPair {
  readonly key: YamlNode | null;
  /** Null for a key alone in braces. */
  readonly value: YamlNode | null;
}

export interface YamlAlias extends Part {
  readonly kind: 'alias';
  readonly source: string;
}

/** What neither of them is. */
interface YamlOther extends Part {
  readonly kind: 'other';
}

export type YamlNode = YamlScalar | YamlList | YamlMapping | YamlAlias | YamlOther;

/** The tree of what the package `yaml` made of a text. */
export function treeOf(node: unknown): YamlNode | null {
  if (typeof node !== 'object' || node === null) return null;
  const part = partOf(node);
  if (isAlias(node)) return { kind: 'alias', ...part, source: node.source };
  if (isScalar(node)) {
    const { value, type } = node;
    const source = typeof value === 'string' ? value : (node.source ?? String(value));
    return { kind: 'scalar', ...part, value, source, isDoubleQuoted: type === 'QUOTE_DOUBLE' };
  }
  if (isSeq(node)) return { kind: 'list', ...part, items: node.items.map((item) => treeOf(item)) };
  if (!isMap(node)) return { kind: 'other', ...part };
  const pairs = node.items.filter((item) => isPair(item)).map(({ key, value }) => ({ key: treeOf(key), value: treeOf(value) }));
  return { kind: 'mapping', ...part, pairs };
}

function partOf(node: object): Part {
  const [start = 0, end = 0] = 'range' in node && Array.isArray(node.range) ? (node.range as number[]) : [];
  const anchor = 'anchor' in node && typeof node.anchor === 'string' ? node.anchor : null;
  return { start, end, anchor, isTagged: 'tag' in node && typeof node.tag === 'string' };
}

/** A node and all that it holds, as they stand in the text. */
export function nodesOf(root: YamlNode | null, found: YamlNode[] = []): readonly YamlNode[] {
  if (root === null) return found;
  found.push(root);
  if (root.kind === 'list') for (const item of root.items) nodesOf(item, found);
  if (root.kind !== 'mapping') return found;
  for (const { key, value } of root.pairs) {
    nodesOf(key, found);
    nodesOf(value, found);
  }
  return found;
}
