// What the `wardgate audit` commands share of their command lines: the options, the directories of a log, and wrong usage.

import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';

export class UsageError extends Error {}

type Options = Readonly<Record<string, { readonly type: 'string' | 'boolean'; readonly multiple?: boolean }>>;

export interface Parsed {
  readonly values: Readonly<Record<string, unknown>>;
  readonly positionals: readonly string[];
}

/** Throws UsageError. */
export function parse(args: string[], more: Options, allowPositionals = false): Parsed {
  try {
    const options = {
      dir: { type: 'string' },
      also: { type: 'string', multiple: true },
      json: { type: 'boolean' },
      ...more,
    } as const;
    return parseArgs({ args, options, strict: true, allowPositionals });
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

export function directoriesOf(values: Parsed['values']): string[] {
  const { dir, also } = values;
  if (typeof dir !== 'string') throw new UsageError('--dir is missing');
  return named([dir, ...(Array.isArray(also) ? also.map(String) : [])], 'directory');
}

/** Paths that were given, all of which must be there. */
export function named(given: unknown, what: 'file' | 'directory'): string[] {
  const paths = Array.isArray(given) ? given.map(String) : [];
  const missing = paths.find((path) => !existsSync(path));
  if (missing !== undefined) throw new UsageError(`There is no ${what} "${missing}"`);
  return paths;
}
