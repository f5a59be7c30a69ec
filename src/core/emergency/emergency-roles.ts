// Which roles somebody has who comes in without the provider: those it last told of, as far as the clinic lets them have them
// then. Never one that they did not have.

/** Days after which what the provider last told is too old to open anything. */
const longestDays = 30;
const dayMilliseconds = 86_400_000;

export interface LastSeen {
  readonly roles: readonly string[];
  /** Epoch milliseconds. */
  readonly seenAt: number;
}

/** `narrowed`: only these, or all (null); `known`: roles that the rules still have. Empty where they may not come in. */
export function emergencyRoles(
  { roles, seenAt }: LastSeen,
  narrowed: readonly string[] | null,
  known: ReadonlySet<string>,
  now: number,
): readonly string[] {
  const age = now - seenAt;
  if (age < 0 || age > longestDays * dayMilliseconds) return [];
  return roles.filter((role) => known.has(role) && (narrowed === null || narrowed.includes(role)));
}
