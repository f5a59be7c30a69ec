// A stated reason, as a person typed it: long enough to mean something, short enough to read.

import { fillText } from '../pages/fill-text.ts';
import type { Words } from '../pages/languages/en.ts';

const shortest = 10;
const longest = 500;

/** The reason without its outer spaces, or what is wrong with it. */
export function readReason(
  typed: string | undefined,
  words: Words['reason'],
): { readonly reason: string } | { readonly reason: null; readonly problem: string } {
  const reason = (typed ?? '').replaceAll(/\s+/g, ' ').trim();
  if (reason.length < shortest) return { reason: null, problem: fillText(words.tooShort, { count: shortest }) };
  if (reason.length > longest) return { reason: null, problem: fillText(words.tooLong, { count: longest }) };
  return { reason };
}
