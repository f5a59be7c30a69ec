// Holds a file against its schema. What is wrong is reported and cut out, and the rest is held against it again, so that
// the checks that follow can still look at everything that is sound and all mistakes are told in one go.

import type { z } from 'zod';
import type { Findings } from './mistake.ts';
import { reportIssue } from './schema-mistakes.ts';
import { broken } from './yaml-plain.ts';
import type { KeyPath, YamlSource } from './yaml-source.ts';

/** How often a file is mended before what is left of it is given up. */
const maxRounds = 50;

export interface ParsedFile<T> {
  readonly source: YamlSource;
  readonly value: T;
  /** Translates a path of `value` into one of the file, where list entries may have been cut out before it. */
  readonly inFile: (path: KeyPath) => KeyPath;
}

/** The file's value without what is wrong in it, or null when nothing usable is left. */
export function parseFile<T>(schema: z.ZodType<T>, source: YamlSource, findings: Findings): ParsedFile<T> | null {
  const sound = source.whole ? schema.safeParse(source.value) : null;
  if (sound?.success === true) return { source, value: sound.data, inFile: (path) => path };
  const origin = new WeakMap<object, number[]>();
  const rest = copy(source.value, origin);
  const inFile = (path: KeyPath): KeyPath => translate(rest, origin, path);
  for (let round = 0; round < maxRounds; round += 1) {
    const result = schema.safeParse(rest);
    if (result.success) return { source, value: result.data, inFile };
    const cuts: KeyPath[] = [];
    for (const issue of result.error.issues) {
      if (findings.full) return null;
      cuts.push(...reportIssue({ schema, source, rest, inFile, findings }, issue));
    }
    if (cuts.some((path) => path.length === 0)) return null;
    cutOut(rest, origin, cuts);
  }
  return null;
}

/** A deep copy whose lists remember where their entries came from. Values already reported are left out of lists. */
function copy(value: unknown, origin: WeakMap<object, number[]>): unknown {
  if (Array.isArray(value)) {
    const kept = value.map((item, index) => ({ item: copy(item, origin), index })).filter(({ item }) => item !== broken);
    const list = kept.map(({ item }) => item);
    origin.set(
      list,
      kept.map(({ index }) => index),
    );
    return list;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item, origin)]));
}

function translate(rest: unknown, origin: WeakMap<object, number[]>, path: KeyPath): KeyPath {
  let holder: unknown = rest;
  return path.map((step) => {
    const current = holder;
    holder = stepInto(current, step);
    return Array.isArray(current) && typeof step === 'number' ? (origin.get(current)?.[step] ?? step) : step;
  });
}

function cutOut(rest: unknown, origin: WeakMap<object, number[]>, cuts: readonly KeyPath[]): void {
  // From the back, so that an entry cut out does not move the ones still to be cut.
  const ordered = [...cuts].sort((a, b) => comparePaths(b, a));
  const done = new Set<string>();
  for (const path of ordered) {
    const name = JSON.stringify(path);
    if (done.has(name)) continue;
    done.add(name);
    const holder = path.slice(0, -1).reduce<unknown>(stepInto, rest);
    const last = path.at(-1);
    if (Array.isArray(holder) && typeof last === 'number') {
      holder.splice(last, 1);
      origin.get(holder)?.splice(last, 1);
    } else if (typeof holder === 'object' && holder !== null) {
      Reflect.deleteProperty(holder, String(last));
    }
  }
}

function stepInto(holder: unknown, step: string | number): unknown {
  return typeof holder === 'object' && holder !== null ? (holder as Record<string | number, unknown>)[step] : undefined;
}

function comparePaths(a: KeyPath, b: KeyPath): number {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const [x, y] = [a[index], b[index]];
    if (x === y) continue;
    if (x === undefined || y === undefined) return x === undefined ? -1 : 1;
    if (typeof x === 'number' && typeof y === 'number') return x - y;
    return String(x) < String(y) ? -1 : 1;
  }
  return 0;
}
