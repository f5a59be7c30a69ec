// The small pieces both schemas are made of. Messages here are the rest of a sentence that begins with the value, such
// as `Value "15" of lock.everywhere.after` `has no unit, write 15m`; `schema-mistakes.ts` puts the two together.

import { z } from 'zod';
import { cidrProblem } from './network.ts';
import { readHours } from './hours.ts';
import { readDuration, readSize } from './quantity.ts';
import type { Read } from './quantity.ts';

/** Text that a reader turns into a value; a bare number is answered by the same reader, which asks for the unit. */
export function readText<T>(reader: (text: string) => Read<T>, pattern?: string) {
  const plain = z.string({ error: ({ input }) => problemOf(reader, input) });
  return (pattern === undefined ? plain : plain.meta({ pattern })).transform((text, context) => {
    const result = reader(text);
    if ('value' in result) return result.value;
    context.addIssue({ code: 'custom', message: result.problem, input: text });
    return z.NEVER;
  });
}

function problemOf<T>(reader: (text: string) => Read<T>, input: unknown): string | undefined {
  if (typeof input !== 'number') return undefined;
  const result = reader(String(input));
  return 'problem' in result ? result.problem : undefined;
}

/** Seconds, between two times written with their unit. */
export function duration(least: string, most: string) {
  return readText(within(readDuration, least, most), '^[0-9]+(\\.[0-9]+)? ?[A-Za-z]+$');
}

/** Bytes, between two sizes written with their unit. */
export function size(least: string, most: string) {
  return readText(within(readSize, least, most), '^[0-9]+(\\.[0-9]+)? ?[A-Za-z]+$');
}

/** A whole number between two bounds. */
export function count(least: number, most: number) {
  const message = `must be a whole number from ${least} to ${most}`;
  return z
    .int({ error: ({ input }) => (input === undefined || input === null ? undefined : message) })
    .min(least, message)
    .max(most, message);
}

function within(reader: (text: string) => Read<number>, least: string, most: string): (text: string) => Read<number> {
  const [from, to] = [reader(least), reader(most)];
  if ('problem' in from || 'problem' in to) throw new Error(`Bounds ${least} and ${most} cannot be read`);
  return (text) => {
    const result = reader(text);
    if ('problem' in result || (result.value >= from.value && result.value <= to.value)) return result;
    return { problem: `must lie between ${least} and ${most}` };
  };
}

/** One value or a list of them, read as a list. */
export function oneOrMany<T extends z.ZodType>(item: T) {
  return z.union([item, z.array(item)]).transform((value): z.output<T>[] => (Array.isArray(value) ? value : [value]));
}

/** Text that is not empty. */
export const words = z.string().min(1, 'must not be empty').max(1000, 'is longer than 1,000 characters');

/** Our own names: roles, zones, applications, areas, categories. */
export const ownName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,63}$/, 'must be lower-case letters, digits and "-", beginning with a letter');

export const variableName = z
  .string()
  .regex(/^[A-Z_][A-Z0-9_]*$/, 'must be the name of an environment variable, in capitals, never the secret itself');

export const cidr = z.string().superRefine((text, context) => {
  const problem = cidrProblem(text);
  if (problem !== null) context.addIssue({ code: 'custom', message: problem, input: text });
});

export const hours = readText(readHours);

export const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
export const method = z.enum(methods);

/** A token of RFC 6265. */
export const cookieName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/, 'must be the name of a cookie');

export const headerName = z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$/, 'must be a header name of letters, digits and "-"');
