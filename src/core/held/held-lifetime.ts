// How long a post is held, and how long ago a session may have ended that it came with. A clock that was set back shortens
// both.

export const heldMilliseconds = 30 * 60_000;

/** Whether what happened at `since` still counts at `now`; drafts may be kept for longer. */
export function isWithinHold(since: number, now: number, milliseconds = heldMilliseconds): boolean {
  return now >= since && now - since < milliseconds;
}
