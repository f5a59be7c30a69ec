// The paths that a preset names outside its areas: patterns as in the rules, but nothing is read out of them, so a name
// in braces would be a mistake for a value.

import type { PathPattern } from '../core/policy/path-pattern.ts';
import type { Preset } from './presets.ts';
import { beginningProblem, requestLineProblem } from './request-line.ts';
import { patternsFrom } from './routes.ts';
import type { KeyPath } from './yaml-source.ts';
import { withRoot } from './preset-root.ts';

/** The patterns below the root; each that cannot be used is told of and left out. */
export function pathsOf(preset: Preset, at: KeyPath, paths: readonly string[], root: string): PathPattern[] {
  if (preset.isEmptyList(at)) preset.mistake(at, 'List of paths is empty');
  return paths.flatMap((path, index) => onePath(preset, preset.entry(at, index), path, root) ?? []);
}

export function onePath(preset: Preset, at: KeyPath, path: string, root: string): PathPattern | null {
  const [pattern] = patternsFrom(preset, at, [path], root);
  const named = pattern?.segments.find((segment) => segment.kind === 'name');
  if (pattern === undefined || named === undefined) return pattern ?? null;
  preset.mistake(at, `Path "${path}" has {${named.name}}, and nothing is read or filled in here; write * for any one segment`);
  return null;
}

/** The request line below the root. What is wrong with it is told of. */
export function requestLineOf(preset: Preset, at: KeyPath, line: string, root: string): string {
  const problem = beginningProblem(line) ?? requestLineProblem(line) ?? (/[{}]/.test(line) ? 'takes no values in braces' : null);
  if (problem !== null) preset.mistake(at, `Address "${line}" ${problem}`);
  return withRoot(root, line);
}
