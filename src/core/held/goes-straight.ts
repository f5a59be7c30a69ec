// Whether a kept form goes on as soon as its person has confirmed, without another click: they confirmed for exactly this
// form, in the session that sent it, a moment after. Anything else waits for their word on the page of held posts.

const milliseconds = 5 * 60_000;

/** `confirming`: reference of the session whose form waits for a confirmation; undefined where it waits for a sign-in. */
export function goesStraight(confirming: string | undefined, reference: string, heldAt: number, now: number): boolean {
  return confirming === reference && now >= heldAt && now - heldAt < milliseconds;
}
