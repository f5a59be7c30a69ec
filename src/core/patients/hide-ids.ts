// Takes ids out of sentences before they stand in a record: what a person typed as their reason, and what a refusal quotes of
// the request. Names that somebody types stay: nobody could tell them from other words.

import { looksLikeId, wordLooksLikeId } from './looks-like-id.ts';

export type TokenOf = (id: string) => string;

/** Between words, and between a label and what it labels: `MRN:4711` holds the id `4711`. */
const words = /[^\s"'`()[\]{}<>,;:=#/\\|]+/g;
const ending = /[.!?]+$/;
const quoted = /"(?:[^"\\]|\\.)*"/g;

/** What a person typed, with tokens in the place of what may be an id. */
export function hideIds(text: string, tokenOf: TokenOf): string {
  return text.replaceAll(words, (found) => {
    const end = ending.exec(found)?.[0] ?? '';
    const word = found.slice(0, found.length - end.length);
    return wordLooksLikeId(word) ? `${tokenOf(word)}${end}` : found;
  });
}

/** A sentence of ours that quotes the request. */
export function hideQuotedIds(sentence: string, tokenOf: TokenOf): string {
  return sentence.replaceAll(quoted, (found) => {
    const text = unquoted(found);
    return looksLikeId(text) ? `"${tokenOf(text)}"` : found;
  });
}

function unquoted(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return text.slice(1, -1);
  }
}
