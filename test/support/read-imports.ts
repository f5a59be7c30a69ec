// Finds every way in which one module names another: import, export from, dynamic import, import types, require, and the
// URL that starts a worker. Never resolves anything on disk.

import type { Token } from './read-source.ts';

/** One import. `names` are the imported names, `*` for a namespace, `default` for a default import. */
export interface Import {
  /** Null where the module is computed, which no rule could judge. */
  readonly specifier: string | null;
  readonly names: readonly string[];
  /** True where nothing is left of it at run time. */
  readonly typeOnly: boolean;
  readonly line: number;
}

/** All imports of a token list, in order. */
export function importsOf(tokens: readonly Token[]): readonly Import[] {
  const found: Import[] = [];
  tokens.forEach((token, at) => {
    if (token.kind !== 'word' || isMember(tokens, at)) return;
    const one = readImport(tokens, at);
    if (one !== null) found.push(one);
  });
  return found;
}

function readImport(tokens: readonly Token[], at: number): Import | null {
  const word = tokens[at]?.text;
  if (word === 'import') return importAt(tokens, at);
  if (word === 'export') return exportAt(tokens, at);
  if (word === 'require' && text(tokens, at + 1) === '(') return callAt(tokens, at);
  if (word === 'URL' && text(tokens, at + 1) === '(') return workerUrlAt(tokens, at);
  return null;
}

function isMember(tokens: readonly Token[], at: number): boolean {
  const before = text(tokens, at - 1);
  return before === '.' || before === '?.';
}

function text(tokens: readonly Token[], at: number): string {
  const token = tokens[at];
  return token === undefined || token.kind === 'string' ? '' : token.text;
}

function lineOf(tokens: readonly Token[], at: number): number {
  return tokens[at]?.line ?? 0;
}

function importAt(tokens: readonly Token[], at: number): Import | null {
  if (text(tokens, at + 1) === '(') return callAt(tokens, at);
  const next = tokens[at + 1];
  if (next?.kind === 'string') return { specifier: next.text, names: [], typeOnly: false, line: lineOf(tokens, at) };
  if (text(tokens, at + 1) === '.') return null;
  return clauseAt(tokens, at, false);
}

/** `export * from`, `export { a } from`, `export type { a } from`; anything else exports a thing of its own. */
function exportAt(tokens: readonly Token[], at: number): Import | null {
  const first = text(tokens, at + 1) === 'type' ? at + 2 : at + 1;
  if (text(tokens, first) !== '{' && text(tokens, first) !== '*') return null;
  return clauseAt(tokens, at, true);
}

/** Reads the clause between `import` or `export` and its `from`. */
function clauseAt(tokens: readonly Token[], at: number, isExport: boolean): Import | null {
  const typeOnly = text(tokens, at + 1) === 'type' && !(text(tokens, at + 2) === 'from' && tokens[at + 3]?.kind === 'string');
  const names: string[] = [];
  let braces = 0;
  for (let step = at + (typeOnly ? 2 : 1); step < tokens.length; step += 1) {
    const token = tokens[step];
    if (token === undefined || token.text === ';') return null;
    const after = tokens[step + 1];
    if (braces === 0 && text(tokens, step) === 'from' && after?.kind === 'string') {
      return { specifier: after.text, names, typeOnly, line: lineOf(tokens, at) };
    }
    if (token.text === '{') braces += 1;
    if (token.text === '}') braces -= 1;
    if (braces < 0) return null;
    if (isExport && braces === 0 && token.text === '}' && text(tokens, step + 1) !== 'from') return null;
    const name = importedName(tokens, step, braces);
    if (name !== null) names.push(name);
  }
  return null;
}

function importedName(tokens: readonly Token[], at: number, braces: number): string | null {
  const token = tokens[at];
  if (token?.text === '*' && token.kind === 'mark') return '*';
  if (token?.kind !== 'word') return null;
  if (text(tokens, at - 1) === 'as' || token.text === 'as') return null;
  if (braces === 0) return 'default';
  const isModifier = token.text === 'type' && tokens[at + 1]?.kind === 'word';
  return isModifier ? null : token.text;
}

/** `import('x')` and `require('x')`. */
function callAt(tokens: readonly Token[], at: number): Import {
  const inside = tokens[at + 2];
  const literal = inside?.kind === 'string' && [')', ','].includes(text(tokens, at + 3));
  return { specifier: literal ? inside.text : null, names: ['*'], typeOnly: false, line: lineOf(tokens, at) };
}

/** `new URL('./name-worker.ts', import.meta.url)` starts or loads a module as surely as an import does. */
function workerUrlAt(tokens: readonly Token[], at: number): Import | null {
  const inside = tokens[at + 2];
  const isModule = inside?.kind === 'string' && /^\.{1,2}\/.*\.[cm]?[tj]s$/.test(inside.text);
  const isOurs = text(tokens, at + 4) === 'import' && text(tokens, at + 6) === 'meta';
  if (!isModule || !isOurs) return null;
  return { specifier: inside.text, names: ['*'], typeOnly: false, line: lineOf(tokens, at) };
}
