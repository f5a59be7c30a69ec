// Holds the house to its directions: reads every source it is given and reports each place where one part knows another
// it must not know. Works on a map of path to text, so that the test can plant violations without touching the disk.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, posix } from 'node:path';
import { functionsOf } from './read-functions.ts';
import type { FunctionSpan } from './read-functions.ts';
import { importsOf } from './read-imports.ts';
import type { Import } from './read-imports.ts';
import { tokenize } from './read-source.ts';
import type { Token } from './read-source.ts';
import { layerRules } from './layer-rules.ts';

/** What an import names, resolved: a file of the house, a package, or a part of Node. */
export interface Link extends Import {
  readonly kind: 'file' | 'package' | 'node' | 'computed';
  /** Path from the checkout's root, package name, or `node:…`. */
  readonly target: string;
}

export interface Source {
  /** From the checkout's root, with forward slashes: `src/stages/forward.ts`. */
  readonly path: string;
  /** The part of the house it belongs to; null where no row of the table names it. */
  readonly part: string | null;
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly links: readonly Link[];
  readonly functions: readonly FunctionSpan[];
}

export interface Violation {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** Reads all TypeScript of a folder into a map of path to text. Throws where the folder is missing: nothing read is no pass. */
export function readTree(root: string, folder: string): ReadonlyMap<string, string> {
  if (!existsSync(join(root, folder))) throw new Error(`Cannot read "${folder}": there is no such folder`);
  const files = new Map<string, string>();
  for (const entry of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).sort()) {
    if (!entry.endsWith('.ts')) continue;
    const path = posix.join(folder, entry.replaceAll('\\', '/'));
    files.set(path, readFileSync(join(root, path), 'utf8'));
  }
  return files;
}

/** Checks all files against all rules. Lines are counted from one. */
export function checkLayers(files: ReadonlyMap<string, string>): readonly Violation[] {
  const sources = [...files].map(([path, text]) => readSource(path, text));
  return layerRules.flatMap((rule) => rule.check(sources).map((found) => ({ rule: rule.name, ...found })));
}

/** One violation as a person reads it, with the reason of the rule. */
export function describeViolation(violation: Violation): string {
  const reason = layerRules.find((rule) => rule.name === violation.rule)?.reason ?? '';
  return `${violation.file}:${violation.line}: ${violation.message} (${violation.rule}: ${reason})`;
}

/** Reads one source. Throws, naming the file, where the reader cannot follow it. */
export function readSource(path: string, text: string): Source {
  try {
    const tokens = tokenize(text);
    const links = importsOf(tokens).map((one) => resolve(path, one));
    return { path, part: partOf(path), text, tokens, links, functions: functionsOf(tokens) };
  } catch (cause) {
    throw new Error(`Cannot read ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function resolve(from: string, one: Import): Link {
  if (one.specifier === null) return { ...one, kind: 'computed', target: '' };
  if (one.specifier.startsWith('.')) {
    return { ...one, kind: 'file', target: posix.normalize(posix.join(posix.dirname(from), one.specifier)) };
  }
  if (isBuiltin(one.specifier)) return { ...one, kind: 'node', target: `node:${one.specifier.replace(/^node:/, '')}` };
  const depth = one.specifier.startsWith('@') ? 2 : 1;
  return { ...one, kind: 'package', target: one.specifier.split('/').slice(0, depth).join('/') };
}

const folders =
  'core compose stages reply settle sign-in ehr console control reports pages http adapters config cli demo simulate'.split(' ');
const singles = ['main', 'compose', 'request-path', 'pipeline', 'ports', 'facts', 'needs'];

/** These two are a part of their own, because they hold types alone. */
const settings = ['src/config/settings.ts', 'src/config/edge-limits.ts'];

/** The part a path belongs to. */
export function partOf(path: string): string | null {
  const [root, second = '', third] = path.split('/');
  if (root !== 'src') return root ?? null;
  if (settings.includes(path)) return 'settings';
  if (third !== undefined) return folders.includes(second) ? second : null;
  // Two pages of one kind: what the request path needs, and what signing in needs.
  const single = second.replace(/\.ts$/, '').replace(/^[a-z-]+-ports$/, 'ports');
  return singles.includes(single) ? single : null;
}
