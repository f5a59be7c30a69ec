// The form of rules.yaml.

// oxlint-disable unicorn/no-thenable -- `then` is the key of the rule file, its value is never awaited

import { z } from 'zod';
import { basisSections } from '../core/disclosures/disclosure.ts';
import type { Basis } from '../core/disclosures/disclosure.ts';
import { readCountRate, readSizeRate } from './quantity.ts';
import type { Read } from './quantity.ts';
import { areaSchema, denySchema, routeKeys } from './route-schema.ts';
import { duration, hours, oneOrMany, ownName, readText, words } from './schema-parts.ts';

const rule = z.strictObject({
  name: words,
  application: ownName.optional(),
  area: oneOrMany(words).optional(),
  paths: oneOrMany(words).optional(),
  ...routeKeys,
  allow: oneOrMany(words),
  machines: oneOrMany(words).optional(),
  export: oneOrMany(words).optional(),
  disclosure: oneOrMany(words).optional(),
  emergency: oneOrMany(words).optional(),
  from: oneOrMany(words).optional(),
  hours: hours.optional(),
  freshFactor: duration('10s', '12h').optional(),
  factor: z.enum(['any', 'phishing-resistant']).optional(),
  webSocket: z.boolean().optional(),
  changes: z.boolean().optional(),
  hold: z.boolean().optional(),
  record: oneOrMany(words).optional(),
  timeout: duration('1s', '1h').optional(),
});

const basisNames = Object.keys(basisSections) as [Basis, ...Basis[]];

/** `unlimited` reads as null. */
function unlimitedOr(reader: (text: string) => Read<number>): (text: string) => Read<number | null> {
  return (text) => (text === 'unlimited' ? { value: null } : reader(text));
}

const budget = z.strictObject({
  files: readText(unlimitedOr((text) => readCountRate(text, 'hour'))).optional(),
  size: readText(unlimitedOr((text) => readSizeRate(text, 'day'))).optional(),
  patients: readText(unlimitedOr((text) => readCountRate(text, 'hour'))).optional(),
  pace: readText(unlimitedOr((text) => readSizeRate(text, 's'))).optional(),
  then: z.enum(['refuse', 'slow', 'ask']).optional(),
});

/** One disclosure that a machine makes each time, in the words of its accounting. */
const machineDisclosure = z.strictObject({
  recipient: words,
  address: words.optional(),
  description: words,
  purpose: words,
  basis: z.enum(basisNames),
});

const accounting = z.strictObject({
  sameRecipient: z.strictObject({ for: duration('1m', '1h'), files: z.number().int().min(1).max(100) }).optional(),
  machines: z.record(words, z.union([z.literal('inside'), machineDisclosure])).optional(),
});

const test = z.strictObject({
  as: oneOrMany(words).optional(),
  machine: words.optional(),
  get: words.optional(),
  post: words.optional(),
  put: words.optional(),
  patch: words.optional(),
  delete: words.optional(),
  form: z.record(words, z.union([words, z.number(), z.boolean()])).optional(),
  application: ownName.optional(),
  zone: oneOrMany(words).optional(),
  at: words.optional(),
  selected: words.optional(),
  emergency: z.boolean().optional(),
  webSocket: z.boolean().optional(),
  rule: words.optional(),
  expect: z.enum(['allowed', 'refused']),
});

export const rulesSchema = z.strictObject({
  mode: z.enum(['enforce', 'observe']).optional(),
  roles: z.record(ownName, oneOrMany(words)),
  areas: z.record(words, areaSchema).optional(),
  denyAlways: oneOrMany(denySchema).optional(),
  rules: z.array(rule),
  downloads: z.record(words, budget).optional(),
  machineDownloads: z.record(words, budget).optional(),
  accounting: accounting.optional(),
  tests: z.array(test).optional(),
});

/** The same with every section optional: a section that is wrong must not hide the mistakes in the others. */
export const rulesParts = rulesSchema.partial();

export type RulesFile = z.output<typeof rulesParts>;
export type RuleEntry = z.output<typeof rule>;
export type BudgetEntry = z.output<typeof budget>;
export type TestEntry = z.output<typeof test>;
