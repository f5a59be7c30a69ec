// Whether somebody has changed the rules or the settings lately. Whoever could have opened a door says not what an alert about
// it was, and neither disposes of nor signs a review. Cases and reviews ask this one function.

import { authorNames, plainLogin } from '../audit/author-names.ts';

/** A quarter, as long as a review of who has which role. */
const quarterMilliseconds = 92 * 86_400_000;

export interface AuthoredChange {
  /** ISO 8601. */
  readonly time: string;
  readonly author: { readonly person: string } | null;
}

/** A name is the word of whoever claimed the change; upper and lower case say the same. */
export function editsRules(changes: readonly AuthoredChange[], name: string, now: number): boolean {
  const wanted = plainLogin(name);
  return changes.some(
    ({ time, author }) =>
      author !== null && now - Date.parse(time) < quarterMilliseconds && authorNames(author.person).includes(wanted),
  );
}
