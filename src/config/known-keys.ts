// Lists the keys a schema knows at a path, so that an unknown one can be answered with the nearest. It reads the same
// JSON Schema that editors get.

import { z } from 'zod';
import type { KeyPath } from './yaml-source.ts';

type Json = Readonly<Record<string, unknown>>;

const described = new WeakMap<z.ZodType, Json>();

/** The keys of the mapping at the path; a place that takes several forms gives the keys of all. */
export function knownKeys(schema: z.ZodType, path: KeyPath): readonly string[] {
  const root = described.get(schema) ?? z.toJSONSchema(schema, { io: 'input' });
  described.set(schema, root);
  let nodes = unfold([root]);
  for (const step of path) nodes = unfold(nodes.flatMap((node) => below(node, step)));
  return [...new Set(nodes.flatMap((node) => Object.keys(isJson(node['properties']) ? node['properties'] : {})))];
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
