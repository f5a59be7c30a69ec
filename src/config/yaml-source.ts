// Reads one YAML file into plain values and keeps where each of them stands, so that every later mistake can be shown
// with line and column. It reads no more than plain data: no aliases, tags, merge keys, directives or `${…}`.

import { isMap, isPair, isScalar, isSeq } from 'yaml';
import type { Pair, YAMLMap } from 'yaml';
import { configText, readConfigBytes } from './config-bytes.ts';
import type { Correction, Findings, Place } from './mistake.ts';
import { readDocument } from './yaml-document.ts';
import type { ParsedText } from './yaml-document.ts';
import { correctionBy } from './yaml-edits.ts';
import { plainValue } from './yaml-plain.ts';

/** The largest configuration file that is read, and the largest rules.yaml: some have ten thousand rules. */
export const maxFileBytes = 256 * 1024;
export const maxRulesBytes = 4096 * 1024;

export type KeyPath = readonly (string | number)[];

/** A file that could be read as YAML. `value` is made of plain objects, lists and scalars. */
export interface YamlSource {
  /** The path as it was given, for messages. */
  readonly file: string;
  readonly bytes: Buffer;
  readonly value: unknown;
  /** True where nothing in it has been told of yet, so that `value` holds no `broken`. */
  readonly whole: boolean;
  /** Where the value at the path stands, or its nearest parent that exists. */
  place(path: KeyPath): Place;
  /** Where the key itself stands. */
  keyPlace(path: KeyPath): Place;
  /** A scalar as it was written (`01`, not 1), or null where the path holds none. */
  written(path: KeyPath): string | null;
  /** The line with another text in the place of the value at the path, in its quotes unless `bare`; null where that is not one line. */
  correct(path: KeyPath, text: string, bare?: boolean): Correction | null;
  /** The line with another name in the place of the key. */
  correctKey(path: KeyPath, name: string): Correction | null;
  /** The key's line with so many blanks in front; null where the key is not the first thing in it. */
  indent(path: KeyPath, blanks: number): Correction | null;
}

/** The file, or null with every mistake reported. */
export async function readYamlSource(
  file: string,
  findings: Findings,
  mostBytes: number = maxFileBytes,
): Promise<YamlSource | null> {
  const bytes = await readConfigBytes(file, mostBytes, findings);
  return bytes === null ? null : parseYamlSource(file, bytes, findings);
}

/** The same for bytes already read. */
export function parseYamlSource(file: string, bytes: Buffer, findings: Findings): YamlSource | null {
  const text = configText(file, bytes, findings);
  const before = findings.mistakes.length;
  const parsed = text === null ? null : readDocument(file, text, findings);
  if (text !== null && parsed === null && findings.mistakes.length === before) {
    findings.mistake(file, { line: 1, column: 1 }, 'File cannot be read as YAML');
  }
  if (text === null || parsed === null) return null;
  const value = plainValue(parsed);
  if (value === null || value === undefined || typeof value !== 'object' || Array.isArray(value)) {
    const empty = text.trim() === '' ? 'File is empty' : 'File holds no settings';
    findings.mistake(file, { line: 1, column: 1 }, `${empty}, it must consist of lines like "key: value"`);
    return null;
  }
  return { file, bytes, value, whole: findings.mistakes.length === before, ...places(parsed) };
}

type Places = Pick<YamlSource, 'place' | 'keyPlace' | 'written' | 'correct' | 'correctKey' | 'indent'>;

function places({ document, placeOf, text }: ParsedText): Places {
  const nodeAt = finder(document.contents);
  const offsetOf = (path: KeyPath): number => {
    for (let length = path.length; length >= 0; length -= 1) {
      const offset = rangeStart(nodeAt(path.slice(0, length)).node);
      if (offset !== null) return offset;
    }
    return 0;
  };
  return {
    place: (path) => placeOf(offsetOf(path)),
    keyPlace: (path) => placeOf(rangeStart(nodeAt(path).key) ?? offsetOf(path)),
    written: (path) => {
      const { node } = nodeAt(path);
      return isScalar(node) ? (node.source ?? String(node.value)) : null;
    },
    correct: (path, replacement, bare = false) => inPlaceOf(text, nodeAt(path).node, replacement, bare),
    correctKey: (path, name) => inPlaceOf(text, nodeAt(path).key, name, false),
    indent: (path, blanks) => {
      const key = rangeStart(nodeAt(path).key) ?? 0;
      const start = text.lastIndexOf('\n', key - 1) + 1;
      return text.slice(start, key).trim() === '' ? correctionBy(text, [{ start, end: key, text: ' '.repeat(blanks) }]) : null;
    },
  };
}

/** A list of one value is replaced as a whole. */
function inPlaceOf(text: string, node: unknown, replacement: string, bare: boolean): Correction | null {
  if (!isScalar(node) && !isSeq(node)) return null;
  const [start, end] = node.range ?? [0, 0];
  const mark =
    !bare && isScalar(node) && /^["']$/.test(text[start] ?? '') && !/^["']/.test(replacement) ? (text[start] ?? '') : '';
  const written = text.slice(start, end).trimEnd();
  if (written === '' || written.includes('\n')) return null;
  return correctionBy(text, [{ start, end: start + written.length, text: `${mark}${replacement}${mark}` }]);
}

/** Finds what stands at a path, and its key where that is in a mapping. Each mapping is gone through once for all. */
function finder(root: unknown): (path: KeyPath) => { readonly node: unknown; readonly key: unknown } {
  const indexes = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();
  const indexOf = (map: YAMLMap): ReadonlyMap<string, Pair> => {
    const index = indexes.get(map) ?? new Map(map.items.toReversed().flatMap((pair) => named(pair)));
    indexes.set(map, index);
    return index;
  };
  const pairAt = (holder: unknown, step: string | number): Pair | null =>
    isMap(holder) ? (indexOf(holder).get(String(step)) ?? null) : null;
  return (path) => {
    let node: unknown = root;
    let key: unknown = null;
    for (const step of path) {
      const pair = pairAt(node, step);
      key = pair?.key ?? null;
      node = pair?.value ?? (isSeq(node) ? node.items[Number(step)] : null);
    }
    return { node, key };
  };
}

/** Of keys that stand twice the first counts, so the pairs come from the back. */
function named(pair: unknown): [string, Pair][] {
  return isPair(pair) && isScalar(pair.key) ? [[String(pair.key.value), pair]] : [];
}

function rangeStart(node: unknown): number | null {
  if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range)) return null;
  const [start] = node.range as unknown[];
  return typeof start === 'number' ? start : null;
}
