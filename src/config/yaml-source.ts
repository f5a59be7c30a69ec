// Reads one YAML file into plain values and keeps where each of them stands, so that every later mistake can be shown
// with line and column. It reads no more than plain data: no aliases, tags, merge keys, directives or `${…}`.

import { configText, readConfigBytes } from './config-bytes.ts';
import type { Correction, Findings, Place } from './mistake.ts';
import { readDocument } from './yaml-document.ts';
import type { ParsedText } from './yaml-document.ts';
import type { Refused } from './yaml-events.ts';
import { correctionBy } from './yaml-edits.ts';
import { plainValue } from './yaml-plain.ts';
import type { YamlMapping, YamlNode, YamlPair } from './yaml-tree.ts';

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
  if (parsed.refused !== null && findings.mistakes.length === before) tellRefused(parsed, parsed.refused);
  return { file, bytes, value, whole: findings.mistakes.length === before, ...places(parsed) };
}

/** Whoever could have explained it takes it; the reader that decides does not. */
function tellRefused({ file, findings, placeOf }: ParsedText, { at, reason }: Refused): void {
  findings.mistake(file, placeOf(at), `Line is written as no file of ours is: ${reason}; write it in the plain way`);
}

type Places = Pick<YamlSource, 'place' | 'keyPlace' | 'written' | 'correct' | 'correctKey' | 'indent'>;

function places({ root, placeOf, text }: ParsedText): Places {
  const nodeAt = finder(root);
  const offsetOf = (path: KeyPath): number => {
    for (let length = path.length; length >= 0; length -= 1) {
      const { node } = nodeAt(path.slice(0, length));
      if (node !== null) return node.start;
    }
    return 0;
  };
  return {
    place: (path) => placeOf(offsetOf(path)),
    keyPlace: (path) => placeOf(nodeAt(path).key?.start ?? offsetOf(path)),
    written: (path) => {
      const { node } = nodeAt(path);
      return node?.kind === 'scalar' ? node.source : null;
    },
    correct: (path, replacement, bare = false) => inPlaceOf(text, nodeAt(path).node, replacement, bare),
    correctKey: (path, name) => inPlaceOf(text, nodeAt(path).key, name, false),
    indent: (path, blanks) => {
      const key = nodeAt(path).key?.start ?? 0;
      const start = text.lastIndexOf('\n', key - 1) + 1;
      return text.slice(start, key).trim() === '' ? correctionBy(text, [{ start, end: key, text: ' '.repeat(blanks) }]) : null;
    },
  };
}

/** A list of one value is replaced as a whole. */
function inPlaceOf(text: string, node: YamlNode | null, replacement: string, bare: boolean): Correction | null {
  if (node?.kind !== 'scalar' && node?.kind !== 'list') return null;
  const { start, end, kind } = node;
  const quote = text[start] ?? '';
  const mark = !bare && kind === 'scalar' && /^["']$/.test(quote) && !/^["']/.test(replacement) ? quote : '';
  const written = text.slice(start, end).trimEnd();
  if (written === '' || written.includes('\n')) return null;
  return correctionBy(text, [{ start, end: start + written.length, text: `${mark}${replacement}${mark}` }]);
}

interface At {
  readonly node: YamlNode | null;
  readonly key: YamlNode | null;
}

/** Finds what stands at a path, and its key where that is in a mapping. Each mapping is gone through once for all. */
function finder(root: YamlNode | null): (path: KeyPath) => At {
  const indexes = new WeakMap<YamlMapping, ReadonlyMap<string, YamlPair>>();
  const indexOf = (mapping: YamlMapping): ReadonlyMap<string, YamlPair> => {
    const index = indexes.get(mapping) ?? new Map(mapping.pairs.toReversed().flatMap((pair) => named(pair)));
    indexes.set(mapping, index);
    return index;
  };
  const step = ({ node }: At, name: string | number): At => {
    if (node?.kind === 'list') return { node: node.items[Number(name)] ?? null, key: null };
    const pair = node?.kind === 'mapping' ? indexOf(node).get(String(name)) : undefined;
    return { node: pair?.value ?? null, key: pair?.key ?? null };
  };
  return (path) => path.reduce<At>(step, { node: root, key: null });
}

/** Of keys that stand twice the first counts, so the pairs come from the back. */
function named(pair: YamlPair): [string, YamlPair][] {
  return pair.key?.kind === 'scalar' ? [[String(pair.key.value), pair]] : [];
}
