// The form of rules.yaml.

// oxlint-disable unicorn/no-thenable -- `then` is the key of the rule file, its value is never awaited

import { z } from 'zod';
import { readCountRate, readSizeRate } from './quantity.ts';
import type { Read } from './quantity.ts';
import { areaSchema, denySchema, routeKeys } from './route-schema.ts';
import { cookieName, duration, hours, oneOrMany, ownName, readText, words } from './schema-parts.ts';

const rule = z.strictObject({
  name: words.describe('Told to whoever is refused, and written into every record'),
  application: ownName.optional().describe('May be left out where there is only one'),
  area: oneOrMany(words).optional().describe('Areas, as application.area'),
  paths: oneOrMany(words).optional().describe("Paths as in the browser's address bar"),
  ...routeKeys,
  allow: oneOrMany(words).describe('Roles, or everyone, or nobody'),
  export: oneOrMany(words).optional().describe('Roles that may receive a download through this rule'),
  emergency: oneOrMany(words).optional().describe('Roles that may pass after stating a reason'),
  from: oneOrMany(words).optional().describe('Zones it may be opened from'),
  hours: hours.optional().describe('Hours it may be opened in'),
  freshFactor: duration('10s', '12h').optional().describe('How fresh the second factor must be'),
  webSocket: z.boolean().optional().describe('Whether a live connection may be opened'),
  changes: z.boolean().optional().describe('Whether it may change data even by GET'),
  record: oneOrMany(words).optional().describe('Query names whose values the audit keeps in clear'),
  timeout: duration('1s', '1h').optional().describe('Time in which the EHR must begin to answer'),
});

/** `unlimited` reads as null. */
function unlimitedOr(reader: (text: string) => Read<number>): (text: string) => Read<number | null> {
  return (text) => (text === 'unlimited' ? { value: null } : reader(text));
}

const budget = z.strictObject({
  files: readText(unlimitedOr((text) => readCountRate(text, 'hour')))
    .optional()
    .describe('Files, such as 30/hour'),
  size: readText(unlimitedOr((text) => readSizeRate(text, 'day')))
    .optional()
    .describe('Bytes, such as 200MB/day'),
  patients: readText(unlimitedOr((text) => readCountRate(text, 'hour')))
    .optional()
    .describe('Distinct patients, such as 60/hour'),
  pace: readText(unlimitedOr((text) => readSizeRate(text, 's')))
    .optional()
    .describe('Fastest transfer, such as 5MB/s'),
  then: z.enum(['refuse', 'slow', 'ask']).optional().describe('What happens over budget'),
});

const test = z.strictObject({
  as: oneOrMany(words).describe('Roles of the person'),
  get: words.optional(),
  post: words.optional(),
  put: words.optional(),
  patch: words.optional(),
  delete: words.optional(),
  form: z.record(words, z.union([words, z.number(), z.boolean()])).optional(),
  application: ownName.optional(),
  zone: oneOrMany(words).optional().describe('Where the person is; all zones where nothing is said'),
  at: words.optional().describe('Day and time, such as Mon 10:00'),
  selected: words.optional().describe('Patient chosen in the EHR session'),
  emergency: z.boolean().optional().describe('With an open emergency access'),
  webSocket: z.boolean().optional(),
  rule: words.optional().describe('The rule that must decide'),
  expect: z.enum(['allowed', 'refused']),
});

export const rulesSchema = z.strictObject({
  mode: z.enum(['enforce', 'observe']).optional().describe('observe forwards what the role rules would refuse, and records it'),
  roles: z.record(ownName, oneOrMany(words)).describe('Our name: group as the provider sends it'),
  areas: z.record(words, areaSchema).optional().describe('Areas of your own, as application.area'),
  denyAlways: oneOrMany(denySchema).optional().describe('Paths nobody may open, whatever the rules say'),
  rules: z.array(rule).describe('First fit decides; no fit is refused'),
  downloads: z.record(words, budget).optional().describe('Download budgets for each person, by role'),
  tests: z.array(test).optional().describe('What must come out; run at every start and reload'),
});

export const presetSchema = z.strictObject({
  describes: words.describe('Which EHR, in words'),
  profile: z.enum(['generic', 'java', 'php', 'windows']).optional(),
  parameters: z.enum(['strict', 'php', 'java']).optional(),
  methodOverrideParameters: oneOrMany(words).optional(),
  sessionCookie: cookieName.optional(),
  patientId: z.enum(['exact', 'digits']).optional(),
  denyAlways: oneOrMany(denySchema).optional(),
  areas: z.record(ownName, areaSchema),
});

/** The same with every section optional: a section that is wrong must not hide the mistakes in the others. */
export const rulesParts = rulesSchema.partial();

export type RulesFile = z.output<typeof rulesParts>;
export type RuleEntry = z.output<typeof rule>;
export type BudgetEntry = z.output<typeof budget>;
export type TestEntry = z.output<typeof test>;
export type PresetFile = z.output<typeof presetSchema>;
