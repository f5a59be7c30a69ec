// The parts of a name by which a patient can be found: the same for every order, case, accent and way of joining, so that
// "Ruiz-García, MARTA" and "marta ruiz garcia" have the same ones. Never shown to anybody.

/** Of a name, and of what is searched for. */
export const mostNameParts = 12;

const marks = /\p{M}+/gu;
/** O'Brien and D’Angelo are one part, whichever apostrophe somebody typed. */
const apostrophes = /['’ʼ‘`´]/gu;
const between = /[^\p{L}\p{N}]+/u;

/** What Unicode takes apart differently from how people write it where the letter is missing on their keyboard. */
const letters: ReadonlyMap<string, string> = new Map([
  ['ß', 'ss'],
  ['æ', 'ae'],
  ['œ', 'oe'],
  ['ø', 'o'],
  ['ł', 'l'],
  ['đ', 'd'],
  ['ð', 'd'],
  ['þ', 'th'],
  ['ı', 'i'],
]);
const special = new RegExp(`[${[...letters.keys()].join('')}]`, 'gu');

/** Each part once, in order; empty where there is no letter or number in it. */
export function nameParts(name: string): readonly string[] {
  const lower = name.normalize('NFKD').replace(marks, '').replace(apostrophes, '').toLowerCase();
  const plain = lower.replace(special, (letter) => letters.get(letter) as string).replace(marks, '');
  return [...new Set(plain.split(between).filter((part) => part !== ''))].slice(0, mostNameParts);
}
