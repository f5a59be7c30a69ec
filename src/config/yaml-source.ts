// Reads one YAML file into plain values and keeps where each of them stands, so that every later mistake can be shown
// with line and column. It reads no more than plain data: no aliases, tags, merge keys, directives or `${…}`.

import { readFile, stat } from 'node:fs/promises';
import { LineCounter, parseDocument, isMap, isPair, isScalar, isSeq } from 'yaml';
import type { Document, Pair, YAMLMap } from 'yaml';
import type { Findings, Place } from './mistake.ts';
import { explainSyntax } from './yaml-traps.ts';
import { plainValue } from './yaml-plain.ts';

/** The largest configuration file that is read. */
export const maxFileBytes = 256 * 1024;

export type KeyPath = readonly (string | number)[];

/** A file that could be read as YAML. `value` is made of plain objects, lists and scalars. */
export interface YamlSource {
  /** The path as it was given, for messages. */
  readonly file: string;
  readonly bytes: Buffer;
  readonly value: unknown;
  /** Where the value at the path stands, or its nearest parent that exists. */
  place(path: KeyPath): Place;
  /** Where the key itself stands. */
  keyPlace(path: KeyPath): Place;
  /** A scalar as it was written (`01`, not 1), or null where the path holds none. */
  written(path: KeyPath): string | null;
}

/** The file, or null with every mistake reported. */
export async function readYamlSource(file: string, findings: Findings): Promise<YamlSource | null> {
  const start = { line: 1, column: 1 };
  let bytes: Buffer;
  try {
    const { size } = await stat(file);
    if (size > maxFileBytes) {
      findings.mistake(file, start, `File is larger than ${maxFileBytes / 1024} KiB, which no configuration needs`);
      return null;
    }
    bytes = await readFile(file);
  } catch (cause) {
    findings.mistake(file, start, `File cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`);
    return null;
  }
  return parseYamlSource(file, bytes, findings);
}

/** The same for bytes already read. */
export function parseYamlSource(file: string, bytes: Buffer, findings: Findings): YamlSource | null {
  const text = decode(file, bytes, findings);
  if (text === null) return null;
  const before = findings.mistakes.length;
  const lines = new LineCounter();
  const options = {
    lineCounter: lines,
    // `plainValue` looks for keys that stand twice.
    uniqueKeys: false,
    strict: true,
    prettyErrors: false,
    merge: false,
    version: '1.2' as const,
  };
  const document = withoutStacks(() => parseDocument(text, options));
  const placeOf = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  explainSyntax({ file, text, document, placeOf, findings });
  if (findings.mistakes.length > before) return null;
  const value = plainValue({ file, text, document, placeOf, findings });
  if (value === null || value === undefined || typeof value !== 'object' || Array.isArray(value)) {
    findings.mistake(file, { line: 1, column: 1 }, 'File holds no settings, it must consist of lines like "key: value"');
    return null;
  }
  return { file, bytes, value, ...places(document, placeOf) };
}

/** The parser makes an error for every character it cannot take; the stacks of tens of thousands would take seconds. */
function withoutStacks<T>(parse: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return parse();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** UTF-8 without its byte order mark. CRLF is left to the parser, which takes it. */
function decode(file: string, bytes: Buffer, findings: Findings): string | null {
  const start = { line: 1, column: 1 };
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    findings.mistake(file, start, 'File is saved as UTF-16, save it as UTF-8 ("Encoding" in the editor\'s save dialogue)');
    return null;
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.startsWith('\uFEFF') ? text.slice(1) : text;
  } catch {
    const good = new TextDecoder('utf-8').decode(bytes).split('\uFFFD')[0] ?? '';
    const lines = good.split('\n');
    const place = { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
    findings.mistake(file, place, 'Character is not UTF-8, save the file as UTF-8 ("Encoding" in the editor\'s save dialogue)');
    return null;
  }
}

type Places = Pick<YamlSource, 'place' | 'keyPlace' | 'written'>;

function places(document: Document, placeOf: (offset: number) => Place): Places {
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
  };
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
