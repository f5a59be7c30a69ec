// What the gateway itself has seen of the identity provider: whether it answers, and since when not. Nobody's word counts for
// this but the gateway's own looks, because what follows from it is a way in without the provider.

/** Epoch milliseconds; one of the two times at most is set. */
export interface Sight {
  /** Looks in a row that got no answer. */
  readonly failures: number;
  /** The first of them. */
  readonly silentSince: number | null;
  /** The first of the looks in a row that got one. */
  readonly answersSince: number | null;
}

export const nothingSeen: Sight = { failures: 0, silentSince: null, answersSince: null };

/** Looks that must fail before people are told; one alone may be a lost packet. */
const failuresUntilSilent = 2;
/** Looks that must fail, and for how long, before anybody comes in without the provider. */
const failuresUntilDown = 5;
const downAfterMilliseconds = 60_000;

/** One look more. */
export function look(sight: Sight, answered: boolean, now: number): Sight {
  if (answered) return { failures: 0, silentSince: null, answersSince: sight.answersSince ?? now };
  return { failures: sight.failures + 1, silentSince: sight.silentSince ?? now, answersSince: null };
}

/** People are told, and nobody is sent there by themselves. */
export function isSilent({ failures }: Sight): boolean {
  return failures >= failuresUntilSilent;
}

/** For certain, and for long enough. */
export function isDown({ failures, silentSince }: Sight, now: number): boolean {
  return failures >= failuresUntilDown && silentSince !== null && now - silentSince >= downAfterMilliseconds;
}
