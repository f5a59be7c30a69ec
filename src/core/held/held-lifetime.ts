// How long a post is held, and how long ago a session may have ended that it came with. A clock that was set back shortens
// both.

const milliseconds = 30 * 60_000;

/** For what is said of it on the page. */
export const heldMinutes = 30;

/** Whether what happened at `since` still counts at `now`. */
export function isWithinHold(since: number, now: number): boolean {
  return now >= since && now - since < milliseconds;
}
