// What the `wardgate audit` commands share of their command lines: the options, the directories of logs, and wrong usage.

import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';

export class UsageError extends Error {}

type Options = Readonly<Record<string, { readonly type: 'string' | 'boolean'; readonly multiple?: boolean }>>;

/** The log of one gateway: what stands behind its `--dir` belongs to it, and before the first `--dir` to that one. */
export interface GivenLog {
  /** The log's directory first, then the fallbacks. */
  readonly directories: readonly string[];
  /** What else was said of it, by the option's name. */
  readonly more: Readonly<Record<string, readonly string[]>>;
}

export interface Parsed {
  readonly values: Readonly<Record<string, unknown>>;
  readonly positionals: readonly string[];
  /** In the order in which they are named. */
  readonly logs: readonly GivenLog[];
}

/** Throws UsageError. */
export function parse(args: string[], more: Options, allowPositionals = false): Parsed {
  try {
    const options = {
      dir: { type: 'string', multiple: true },
      also: { type: 'string', multiple: true },
      json: { type: 'boolean' },
      ...more,
    } as const;
    const { values, positionals, tokens } = parseArgs({ args, options, strict: true, allowPositionals, tokens: true });
    const said = tokens.flatMap((token) => (token.kind === 'option' && token.value !== undefined ? [token] : []));
    return { values, positionals, logs: logsOf(said) };
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function logsOf(said: readonly { readonly name: string; readonly value: string }[]): GivenLog[] {
  const logs: { directories: string[]; more: Record<string, string[]> }[] = [];
  const before: { name: string; value: string }[] = [];
  for (const { name, value } of said) {
    const log = logs.at(-1);
    if (name === 'dir') logs.push({ directories: [value], more: {} });
    else if (log === undefined) before.push({ name, value });
    else add(log, name, value);
  }
  const [first] = logs;
  if (first !== undefined) for (const { name, value } of before) add(first, name, value);
  return logs;
}

function add(log: { directories: string[]; more: Record<string, string[]> }, name: string, value: string): void {
  if (name === 'also') log.directories.push(value);
  else (log.more[name] ??= []).push(value);
}

/** Of a command that works on one log. Throws UsageError. */
export function directoriesOf({ logs }: Pick<Parsed, 'logs'>): string[] {
  const [log, ...others] = someLogs({ logs });
  if (log === undefined || others.length > 0)
    throw new UsageError('This works on one log: name one --dir, and its fallback directory with --also');
  return [...log.directories];
}

/** The directories of each log that was named, all of which are there. Throws UsageError. */
export function someLogs({ logs }: Pick<Parsed, 'logs'>): readonly GivenLog[] {
  if (logs.length === 0) throw new UsageError('--dir is missing');
  for (const { directories } of logs) named(directories, 'directory');
  return logs;
}

/** Paths that were given, all of which must be there. */
export function named(given: unknown, what: 'file' | 'directory'): string[] {
  const paths = Array.isArray(given) ? given.map(String) : [];
  const missing = paths.find((path) => !existsSync(path));
  if (missing !== undefined) throw new UsageError(`There is no ${what} "${missing}"`);
  return paths;
}
