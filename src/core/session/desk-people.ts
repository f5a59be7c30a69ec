// Who stands on the list of a shared desk: the last five who signed in there within a shift, so that a list in a corridor
// names nobody who is long gone.

/** A shift. */
export const deskListMilliseconds = 12 * 3_600_000;
const mostShown = 5;

/** The latest first. A time in the future, after the clock was set back, counts as now. */
export function peopleAtDesk<Person extends { readonly at: number }>(people: readonly Person[], now: number): readonly Person[] {
  return people
    .filter(({ at }) => now - at < deskListMilliseconds)
    .toSorted((a, b) => b.at - a.at)
    .slice(0, mostShown);
}
