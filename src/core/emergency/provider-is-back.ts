// When somebody who came in without the provider must show themselves to it: a while after it answers again, so that nobody is
// stopped in the middle of a sentence, and no longer.

const milliseconds = 15 * 60_000;

/** `answersSince`: since when the provider has answered every look; null while it does not. Epoch milliseconds. */
export function providerIsBack(answersSince: number | null, signedInAt: number, now: number): boolean {
  return answersSince !== null && now - Math.max(answersSince, signedInAt) >= milliseconds;
}
