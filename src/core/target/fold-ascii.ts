// Lower-cases A to Z and nothing else. Unicode folding is never used on an address: the Kelvin sign would become a plain
// "k", and a rule written for one would be met by the other.

// oxlint-disable-next-line no-control-regex -- the range is ASCII itself
const beyondAscii = /[^\0-\x7F]/;

export function isAscii(text: string): boolean {
  return !beyondAscii.test(text);
}

/** The text with its ASCII capitals folded. */
export function foldAscii(text: string): string {
  // In ASCII there is nothing else to fold, and a function called for each run of capitals took as long as half a decision.
  return isAscii(text) ? text.toLowerCase() : text.replaceAll(/[A-Z]+/g, (capitals) => capitals.toLowerCase());
}
