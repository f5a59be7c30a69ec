// Folds letters as widely as any server behind us may: NTFS and Java ignore the case of every alphabet, old Windows
// programs drop accents, disks of Apple's take both ways of writing one. Used to refuse what another rule might have been
// asked for, never to permit: here the dotless "ı" and the Kelvin sign do become plain letters.

import { isAscii } from './fold-ascii.ts';

/** Letters that best-fit tables turn into ASCII and that no decomposition does. */
const strokes: ReadonlyMap<string, string> = new Map(
  ['đd', 'ðd', 'ħh', 'łl', 'øo', 'ŧt', 'ƀb', 'ɨi', 'ƶz', 'ǥg', 'ɡg', 'αa', 'βb', 'δd', 'εe', 'πp', 'σs', 'τt', 'φf', 'γg'].map(
    (pair) => [pair.charAt(0), pair.charAt(1)],
  ),
);

/** The text without case and accents; for plain ASCII the same as `foldAscii`. */
export function foldLetters(text: string): string {
  if (isAscii(text)) return text.toLowerCase();
  const bare = text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toUpperCase().toLowerCase();
  return Array.from(bare, (letter) => strokes.get(letter) ?? letter).join('');
}
