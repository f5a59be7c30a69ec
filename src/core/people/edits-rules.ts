// Whether somebody has changed the rules or the settings lately. Whoever could have opened a door says not what an alert about
// it was, and neither disposes of nor signs a review. Cases and reviews ask this one function.

/** A quarter, as long as a review of who has which role. */
const quarterMilliseconds = 92 * 86_400_000;

export interface AuthoredChange {
  /** ISO 8601. */
  readonly time: string;
  readonly author: { readonly person: string } | null;
}

/** Beside the name that somebody gave stands, in brackets, the account they had on the machine; either tells who it was. */
const twoNames = /^(.*) \(([^()]*)\)$/;

/** A name is the word of whoever claimed the change; upper and lower case say the same. */
export function editsRules(changes: readonly AuthoredChange[], name: string, now: number): boolean {
  const wanted = name.trim().toLowerCase();
  return changes.some(
    ({ time, author }) =>
      author !== null &&
      now - Date.parse(time) < quarterMilliseconds &&
      namesIn(author.person).some((one) => one.trim().toLowerCase() === wanted),
  );
}

function namesIn(person: string): readonly string[] {
  const [, first, second] = twoNames.exec(person) ?? [];
  // Who gave two names themselves, with their login name in brackets, has three.
  return first === undefined || second === undefined ? [person] : [person, second, ...namesIn(first)];
}
