// Lower-cases A to Z and nothing else. Unicode folding is never used on an address: the Kelvin sign would become a plain
// "k", and a rule written for one would be met by the other.

/** The text with its ASCII capitals folded; the same string where it has none. */
export function foldAscii(text: string): string {
  return /[A-Z]/.test(text) ? text.replaceAll(/[A-Z]+/g, (capitals) => capitals.toLowerCase()) : text;
}
