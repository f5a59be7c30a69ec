// Lists the keys a schema knows at a path, so that an unknown one can be answered with the nearest. It reads the same
// JSON Schema that editors get.

import { z } from 'zod';
import type { KeyPath } from './yaml-source.ts';

type Json = Readonly<Record<string, unknown>>;

const described = new WeakMap<z.ZodType, Json>();

/** The keys of the mapping at the path; a place that takes several forms gives the keys of all. */
export function knownKeys(schema: z.ZodType, path: KeyPath): readonly string[] {
  let nodes = unfold([rootOf(schema)]);
  for (const step of path) nodes = unfold(nodes.flatMap((node) => below(node, step)));
  return [...new Set(nodes.flatMap((node) => Object.keys(isJson(node['properties']) ? node['properties'] : {})))];
}

/** Where mappings stand that know the key, as paths; `*` stands for names of the author's own and for entries of lists. */
export function keyHomes(schema: z.ZodType, key: string): readonly KeyPath[] {
  const known = homesOf.get(schema) ?? new Map<string, readonly KeyPath[]>();
  homesOf.set(schema, known);
  const homes = new Map<string, KeyPath>();
  if (!known.has(key)) collect(unfold([rootOf(schema)]), key, [], homes);
  const found = known.get(key) ?? [...homes.values()];
  // A file may hold no end of names that are no keys; those of the schema are few.
  if (found.length > 0) known.set(key, found);
  return found;
}

const homesOf = new WeakMap<z.ZodType, Map<string, readonly KeyPath[]>>();

/** Deeper mappings are none that a key could slip out of. */
const maxHomeDepth = 5;

function collect(nodes: readonly Json[], key: string, path: KeyPath, homes: Map<string, KeyPath>): void {
  if (path.length > maxHomeDepth) return;
  for (const node of nodes) {
    const properties = isJson(node['properties']) ? node['properties'] : {};
    if (Object.hasOwn(properties, key)) homes.set(JSON.stringify(path), path);
    for (const [name, inner] of Object.entries(properties)) {
      if (isJson(inner)) collect(unfold([inner]), key, [...path, name], homes);
    }
    for (const inner of [node['additionalProperties'], node['items']]) {
      if (isJson(inner)) collect(unfold([inner]), key, [...path, '*'], homes);
    }
  }
}

function rootOf(schema: z.ZodType): Json {
  const root = described.get(schema) ?? z.toJSONSchema(schema, { io: 'input' });
  described.set(schema, root);
  return root;
}

function below(node: Json, step: string | number): Json[] {
  if (typeof step === 'number') return isJson(node['items']) ? [node['items']] : [];
  const properties = node['properties'];
  const named = isJson(properties) && Object.hasOwn(properties, step) ? properties[step] : node['additionalProperties'];
  return isJson(named) ? [named] : [];
}

function unfold(nodes: readonly Json[]): Json[] {
  return nodes.flatMap((node) => {
    const forms = node['anyOf'];
    return Array.isArray(forms) ? unfold(forms.filter(isJson)) : [node];
  });
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
