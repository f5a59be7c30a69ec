// The names by which the author of a change may be known here, plain, so that they can be compared: what was claimed is the word of
// whoever claimed it, and upper and lower case say the same.

/** Beside the name that somebody gave stands, in brackets, the account they had on the machine; either tells who it was. */
const twoNames = /^(.*) \(([^()]*)\)$/;

export function authorNames(person: string): readonly string[] {
  const [, first, second] = twoNames.exec(person) ?? [];
  // Who gave two names themselves, with their login name in brackets, has three.
  const others = first === undefined || second === undefined ? [] : [plainLogin(second), ...authorNames(first)];
  return [plainLogin(person), ...others];
}

export function plainLogin(name: string): string {
  return name.trim().toLowerCase();
}
