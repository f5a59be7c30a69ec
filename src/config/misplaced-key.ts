// Finds where a key belongs that stands where nobody knows it: a few columns too far left or right, in another section, or
// in the other file. It goes by the same JSON Schema that editors get.

import type { z } from 'zod';
import { keyHomes, knownKeys } from './known-keys.ts';
import type { Hints } from './mistake.ts';
import { otherFileWith } from './other-files.ts';
import type { KeyPath, YamlSource } from './yaml-source.ts';

export interface Misplaced extends Hints {
  readonly text: string;
}

/** Stands in a home for a name that the author chooses, and for the entries of a list. */
const any = '*';

/** Where the key belongs, told as a sentence; null where it belongs nowhere. `path` is that of the key, in the file. */
export function misplacedKey(schema: z.ZodType, source: YamlSource, path: KeyPath): Misplaced | null {
  const key = String(path.at(-1));
  const holder = path.slice(0, -1);
  const homes = keyHomes(schema, key).filter((home) => !fits(home, holder));
  const inner = homes.filter((home) => home.length > holder.length && fits(home.slice(0, holder.length), holder));
  const outer = homes.filter((home) => home.length < holder.length && fits(home, holder.slice(0, home.length)));
  const where = holder.length === 0 ? 'at the top' : `in ${shown(holder)}`;
  const [home] = [...inner.toSorted((a, b) => a.length - b.length), ...outer.toSorted((a, b) => b.length - a.length)];
  if (home !== undefined) return nearby(source, path, home, where);
  const other = holder.length === 0 ? otherFileWith(schema, key) : null;
  if (other !== null) return { text: `Key "${key}" belongs into ${other}, and stands here` };
  const [only, ...more] = homes.filter((one) => one.length === 1 && !one.includes(any));
  if (only === undefined || more.length > 0) return null;
  return { text: `Key "${key}" stands ${where}, and belongs into ${shown(only)}` };
}

function nearby(source: YamlSource, path: KeyPath, home: KeyPath, where: string): Misplaced {
  const key = String(path.at(-1));
  const deeper = home.length >= path.length;
  const found = deeper ? lastBefore(source.value, path, home) : home;
  const into = found ?? home;
  const belongs = into.length === 0 ? 'at the top, without blanks in front' : `into ${shown(into)}`;
  const text = `Key "${key}" stands ${where}, and belongs ${belongs}`;
  if (found === null) return { text };
  const column = deeper ? columnOf(source, found) : columnOf(source, home);
  const movable = column !== null && (deeper || isLast(source.value, path, home.length));
  const correction = movable ? source.indent(path, column) : null;
  return correction === null ? { text } : { text: column === 0 ? text : `${text}, with ${column} blanks in front`, correction };
}

/** The mapping of that form that ends right before the key; null where something else stands between them. */
function lastBefore(value: unknown, path: KeyPath, home: KeyPath): KeyPath | null {
  const depth = path.length - 1;
  let holder = at(value, path.slice(0, depth));
  const keys = isMapping(holder) ? Object.keys(holder) : [];
  const previous = keys[keys.indexOf(String(path.at(-1))) - 1];
  if (previous === undefined || (home[depth] !== any && home[depth] !== previous)) return null;
  const found: (string | number)[] = [...path.slice(0, depth), previous];
  holder = at(value, found);
  for (const step of home.slice(depth + 1)) {
    const last = Array.isArray(holder) ? holder.length - 1 : isMapping(holder) ? Object.keys(holder).at(-1) : undefined;
    if (last === undefined || last === -1 || (step !== any && step !== last)) return null;
    found.push(last);
    holder = at(holder, [last]);
  }
  return isMapping(holder) ? found : null;
}

/** Whether moving the key out of its mapping leaves nothing of that mapping behind it. */
function isLast(value: unknown, path: KeyPath, depth: number): boolean {
  return path.slice(depth).every((step, index) => {
    const holder = at(value, path.slice(0, depth + index));
    return index === 0 || !isMapping(holder) || Object.keys(holder).at(-1) === step;
  });
}

/** Blanks in front of the keys of a mapping whose keys stand in lines of their own. */
function columnOf(source: YamlSource, path: KeyPath): number | null {
  const holder = at(source.value, path);
  const keys = isMapping(holder) ? Object.keys(holder) : [];
  const places = keys.slice(0, 2).map((key) => source.keyPlace([...path, key]));
  const [first, second] = places;
  const own = path.length === 0 ? null : source.keyPlace(path);
  if (first === undefined || first.line === own?.line || first.line === second?.line) return null;
  return first.column - 1;
}

/** True where the key stands misplaced, so that it must not be missed where it belongs. */
export function standsElsewhere(schema: z.ZodType, value: unknown, path: KeyPath): boolean {
  const key = String(path.at(-1));
  return path.slice(0, -1).some((_, depth) => {
    const holder = path.slice(0, depth);
    const above = at(value, holder);
    return isMapping(above) && Object.hasOwn(above, key) && !knownKeys(schema, holder).includes(key);
  });
}

function fits(home: KeyPath, path: KeyPath): boolean {
  return home.length === path.length && home.every((step, index) => step === any || step === path[index]);
}

function at(value: unknown, path: KeyPath): unknown {
  return path.reduce<unknown>((holder, step) => {
    const inside = typeof holder === 'object' && holder !== null && Object.hasOwn(holder, step);
    return inside ? (holder as Record<string | number, unknown>)[step] : undefined;
  }, value);
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(path: KeyPath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step + 1}]`;
    const name = step === any ? '…' : step;
    return text === '' ? name : `${text}.${name}`;
  }, '');
}
