// Tells a part of an address that may be somebody's id from a word of the EHR's. Used where no rule says what a part means,
// so it errs towards "id": a word that is taken for one costs a look-up when it is shown, the other mistake names a patient.

import { isPatientToken } from './patient-token.ts';

/** So many digits make an id of any text: `MRN-123`. Fewer stand in words, such as `v2`, `R4` or `index2`. */
const mostDigitsOfAWord = 2;
/** One run of letters and digits of this length is no word. */
const longestWord = 15;
const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const extension = /\.[A-Za-z]{1,5}$/;

/** `part` is decoded. What looks like one of our tokens counts as an id, so that nobody can put one into a record. */
export function looksLikeId(part: string): boolean {
  let digits = 0;
  let letters = 0;
  let separators = 0;
  const stem = part.length > 2 && extension.test(part) ? part.slice(0, part.lastIndexOf('.')) : part;
  for (let at = 0; at < stem.length; at += 1) {
    const code = stem.charCodeAt(at);
    // A name, or digits of another alphabet.
    if (code > 0x7e) return true;
    if (code >= 0x30 && code <= 0x39) digits += 1;
    else if (isLetter(code)) letters += 1;
    else separators += 1;
  }
  if (digits > mostDigitsOfAWord || (digits > 0 && letters === 0)) return true;
  if (digits > 0 && separators === 0 && stem.length > longestWord) return true;
  return isPatientToken(part) || uuid.test(part) || part.indexOf('@') > 0;
}

/** A word of a sentence that somebody typed: numbers of one or two digits are times and counts. */
export function wordLooksLikeId(word: string): boolean {
  let digits = 0;
  for (let at = 0; at < word.length; at += 1) {
    const code = word.charCodeAt(at);
    if (code >= 0x30 && code <= 0x39) digits += 1;
  }
  return digits > mostDigitsOfAWord || isPatientToken(word) || uuid.test(word);
}

function isLetter(code: number): boolean {
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}
