// JSON Schemas of the YAML files, from the very schemas that judge them, so that an editor completes and checks as the
// gateway would, with what the commented sample files say of every key. Draft 2020-12.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { alertsSchema } from './alerts-schema.ts';
import { gatewaySchema } from './gateway-schema.ts';
import { presetSchema } from './preset-schema.ts';
import { rulesSchema } from './rules-schema.ts';
import { sampleComments } from './sample-comments.ts';
import type { Told } from './sample-comments.ts';

const files = {
  'gateway.schema.json': { schema: gatewaySchema, title: 'Wardgate: what stands where', sample: 'gateway.yaml' },
  'rules.schema.json': { schema: rulesSchema, title: 'Wardgate: who may do what', sample: 'rules.yaml' },
  'alerts.schema.json': { schema: alertsSchema, title: 'Wardgate: what is watched', sample: 'alerts.yaml' },
  'preset.schema.json': { schema: presetSchema, title: 'Wardgate: one EHR product', sample: 'our-ehr.yaml' },
};

const samples = resolve(import.meta.dirname, '../../config');

/** File name → its text. Reads the sample files that come with the product. */
export function jsonSchemas(): ReadonlyMap<string, string> {
  const comments = (sample: string): Told => sampleComments(readFileSync(resolve(samples, sample), 'utf8'));
  const rules = comments('rules.yaml');
  return new Map(
    Object.entries(files).map(([file, { schema, title, sample }]) => {
      const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input' });
      const root = comments(sample);
      const described = withWords(rest, { here: [root], above: [], root, beside: besideOf(root, rules) });
      return [file, `${JSON.stringify({ $schema, title, ...described }, null, 2)}\n`];
    }),
  );
}

/** What is told once and holds below other keys too. */
function besideOf(root: Told, rules: Told): ReadonlyMap<string, Told> {
  const rule = rules.keys.get('rules');
  const deny = rules.keys.get('denyAlways');
  const reply = root.keys.get('signOn')?.keys.get('success');
  const replies = ['failure', 'tests', 'loggedOut'].map((key) => [key, reply] as const);
  const downloads = rules.keys.get('downloads');
  const all = [['machineDownloads', downloads], ['areas', rule], ['denyAlways', deny], ...replies] as const;
  return new Map(all.flatMap(([key, told]) => (told === undefined ? [] : [[key, told] as const])));
}

interface Samples {
  /** What is told of the mapping itself. */
  readonly here: readonly Told[];
  /** What is told of the mappings around it, the innermost first: `account` below `roles` is the account it is elsewhere. */
  readonly above: readonly Told[];
  /** The file's own keys, which are never meant further down. */
  readonly root: Told;
  readonly beside: ReadonlyMap<string, Told>;
}

type Json = Readonly<Record<string, unknown>>;

/** The same schema with a description for every key. */
function withWords(schema: Json, told: Samples): Json {
  return Object.fromEntries(
    Object.entries(schema).map(([keyword, inner]) => {
      if (keyword === 'properties' && isJson(inner)) return [keyword, properties(inner, told)];
      if (keyword === 'additionalProperties' && isJson(inner))
        return [keyword, withWords(inner, named(told, Object.keys(propertiesOf(schema))))];
      if (keyword === 'items' && isJson(inner)) return [keyword, withWords(inner, told)];
      if (keyword === 'anyOf' && Array.isArray(inner))
        return [keyword, inner.map((one) => (isJson(one) ? withWords(one, told) : one))];
      return [keyword, inner];
    }),
  );
}

function properties(inner: Json, told: Samples): Json {
  return Object.fromEntries(
    Object.entries(inner).map(([key, schema]) => {
      if (!isJson(schema)) return [key, schema];
      const below = told.here.flatMap(({ keys }) => keys.get(key) ?? []);
      const others = told.above.flatMap(({ keys }) => keys.get(key) ?? []);
      const words = [...below, ...others].find((one) => one.words !== '')?.words;
      const shared = told.beside.get(key);
      const above = [...(shared === undefined ? [] : [shared]), ...told.here, ...told.above].filter((one) => one !== told.root);
      const next = { ...told, here: [...below, ...others], above };
      return [key, { ...withWords(schema, next), ...(words === undefined ? {} : { description: sentence(words) }) }];
    }),
  );
}

/** The mappings whose names their author chooses. */
function named(told: Samples, known: readonly string[]): Samples {
  const below = told.here.flatMap(({ keys }) => [...keys].flatMap(([key, one]) => (known.includes(key) ? [] : [one])));
  const above = [...told.here, ...told.above].filter((one) => one !== told.root);
  return { ...told, here: below, above };
}

/** Begins with a capital, unless it begins with a word that is written so, and ends without a full stop. */
function sentence(words: string): string {
  const first = /^[a-z]+(?=[ ,;]|$)/.test(words) ? (words[0]?.toUpperCase() ?? '') : (words[0] ?? '');
  return `${first}${words.slice(1)}`.replace(/\.$/, '');
}

function propertiesOf(schema: Json): Json {
  return isJson(schema['properties']) ? schema['properties'] : {};
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
