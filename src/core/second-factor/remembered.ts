// What is left of a second factor that was shown earlier in the shift. It lets somebody in, and does nothing else: it is never
// fresh, no passkey, and opens no emergency access.

import type { FactorEvidence } from '../session/session.ts';

/** What was shown, and until when it is remembered; epoch milliseconds. */
interface Shown {
  readonly method: string;
  readonly at: number;
  readonly until: number;
}

/**
 * The evidence of a sign-in that leans on it; null where its time is over, or has not come because the clock was set back.
 * `lastsSeconds`: how long one is remembered by the configuration of now, which may have become shorter.
 */
export function rememberedEvidence({ method, at, until }: Shown, lastsSeconds: number, now: number): FactorEvidence | null {
  const ends = Math.min(until, at + lastsSeconds * 1000);
  if (now < at || now >= ends) return null;
  const detail = `${method} of ${new Date(at).toISOString()}, until ${new Date(ends).toISOString()}`;
  return { method: 'remembered', at: 0, detail };
}
