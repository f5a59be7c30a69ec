// Finds the line as it should stand from what a sentence says already: a word that was meant, or a value after `, write`.
// It only ever replaces a value that the sentence quotes, so that no hint lands in the wrong place.

import type { Hints } from './mistake.ts';
import type { KeyPath, YamlSource } from './yaml-source.ts';

/** `path` is one of the file. */
export function valueHints(source: YamlSource, path: KeyPath, message: string, suggestion?: string): Hints {
  const written = source.written(path);
  const meant = suggestion ?? /[,;] write ("[^"]*"|\S+)$/.exec(message)?.[1] ?? /has no unit, write (\S+?),/.exec(message)?.[1];
  const named = written !== null && message.includes(`"${written}"`);
  return { suggestion, correction: named && meant !== undefined ? source.correct(path, meant) : null };
}

/** The same for a key. */
export function keyHints(source: YamlSource, path: KeyPath, message: string, suggestion?: string): Hints {
  const named = message.includes(`"${path.at(-1)}"`);
  return { suggestion, correction: named && suggestion !== undefined ? source.correctKey(path, suggestion) : null };
}
