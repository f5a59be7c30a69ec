// The keys by which a preset says how people are signed on to its EHR. What depends on more than one of them is judged
// where the recipe is put together.

import { z } from 'zod';
import type { Read } from './quantity.ts';
import { fields } from './route-schema.ts';
import { cookieName, count, duration, headerName, method, oneOrMany, readText, words } from './schema-parts.ts';
import { mostTextCharacters, parseTemplate } from './template.ts';

const mostSteps = 20;
const mostTests = 50;

const tooLong = `is longer than ${mostTextCharacters} characters`;
const anyText = z.string().max(mostTextCharacters, tooLong);
const text = anyText.min(1, 'must not be empty');
const template = readText(parseTemplate);
const scalar = z.union([anyText, z.number(), z.boolean(), z.null()]);

/** One value or a list of at most so many. */
function fewOf<T extends z.ZodType>(item: T, most: number) {
  const list = z.array(item).max(most, `has more than ${most} entries`);
  return z.union([item, list]).transform((value): z.output<T>[] => (Array.isArray(value) ? value : [value]));
}

const valueName = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, 'must be letters, digits and "_", beginning with a letter');

/** RFC 6901; the empty pointer means a whole document, which is never one value. */
const pointer = z
  .string()
  .max(mostTextCharacters, tooLong)
  .regex(/^(\/([^/~]|~[01])*)+$/, 'is no JSON pointer, write for example /user/authenticated (RFC 6901)');

function readPointer(written: string): Read<string> {
  const result = pointer.safeParse(written);
  return result.success ? { value: written } : { problem: result.error.issues[0]?.message ?? '' };
}

export const replyTest = z.strictObject({
  paths: fewOf(words, mostTests).optional(),
  status: fewOf(count(100, 599), mostTests).optional(),
  location: text.optional(),
  body: fewOf(text, mostTests).optional(),
  bodyWithout: fewOf(text, mostTests).optional(),
  json: z.record(pointer, scalar).optional(),
});

const tests = fewOf(replyTest, mostTests);

const take = z.strictObject({
  field: text.optional(),
  formAction: text.optional(),
  cookie: cookieName.optional(),
  header: headerName.optional(),
  json: readText(readPointer).optional(),
  between: z
    .array(text)
    .length(2, `must be two texts: what stands before and what stands after, such as ['token = "', '"']`)
    .optional(),
});

const step = z.strictObject({
  get: template.optional(),
  post: template.optional(),
  delete: template.optional(),
  headers: z.record(headerName, template).optional(),
  basic: z.boolean().optional(),
  form: z.record(text, z.union([template, z.number(), z.boolean()])).optional(),
  json: z.record(text, template).optional(),
  take: z.record(valueName, take).optional(),
  onlyWith: fewOf(valueName, mostSteps).optional(),
  decides: z.boolean().optional(),
});

export const signOnRecipe = z.strictObject({
  by: z.enum(['recipe', 'basic']),
  asks: fewOf(valueName, 5).optional(),
  values: z.record(valueName, scalar).optional(),
  steps: fewOf(step, mostSteps).optional(),
  success: tests.optional(),
  failure: tests.optional(),
  passwordChange: z
    .strictObject({
      tests,
      page: text,
      open: fewOf(words, mostTests),
    })
    .optional(),
  landing: text.optional(),
});

/** Which cookies stay with the gateway. */
export const cookieClasses = z.strictObject({
  jar: oneOrMany(cookieName).optional(),
  passthrough: oneOrMany(cookieName).optional(),
  seed: z.record(cookieName, template).optional(),
});

export const loggedOutTests = tests;

const logoutGroup = z.strictObject({
  paths: fewOf(words, mostTests),
  methods: oneOrMany(method).optional(),
  query: fields.optional(),
});

export const ehrLogout = z.strictObject({
  paths: fewOf(z.union([words, logoutGroup]), mostTests).optional(),
  request: z.strictObject({ get: text.optional(), post: text.optional(), delete: text.optional() }).optional(),
});

export const expiredReplies = fewOf(z.strictObject({ paths: fewOf(words, mostTests), json: z.record(text, scalar) }), mostTests);

export const lockedReplies = fewOf(
  z.strictObject({ paths: fewOf(words, mostTests), json: z.record(text, scalar).optional(), nothing: z.boolean().optional() }),
  mostTests,
);

/** Requests that keep the EHR's session open while ours is locked. */
export const keepWarm = z.strictObject({ get: text, every: duration('10s', '24h') });

export type TestEntry = z.output<typeof replyTest>;
export type StepEntry = z.output<typeof step>;
export type TakeEntry = z.output<typeof take>;
export type SignOnRecipeEntry = z.output<typeof signOnRecipe>;
export type CookieClassesEntry = z.output<typeof cookieClasses>;
export type LogoutEntry = z.output<typeof ehrLogout>;
