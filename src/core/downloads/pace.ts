// A token bucket: one person's bandwidth, shared by all their streams. It may go into debt, and whoever takes waits
// until the debt is paid, so that however the streams interleave their sum keeps to the rate.

/** Time is monotonic milliseconds. */
export interface Bucket {
  /** Bytes that may be sent now; negative: owed. */
  readonly tokens: number;
  readonly at: number;
}

/** What a quiet person may send at once: one second's worth. */
const burstSeconds = 1;

/** A bucket nobody has taken from. */
export const fullBucket: Bucket = { tokens: Infinity, at: 0 };

/** Takes `bytes` at `rate` bytes a second and says how long to wait before sending them. */
export function take(
  bucket: Bucket,
  rate: number,
  now: number,
  bytes: number,
): { readonly bucket: Bucket; readonly waitMilliseconds: number } {
  const tokens = refilled(bucket, rate, now) - bytes;
  return {
    bucket: { tokens, at: Math.max(now, bucket.at) },
    waitMilliseconds: tokens >= 0 ? 0 : Math.ceil((-tokens / rate) * 1000),
  };
}

/** Gives back what was taken and never sent. */
export function giveBack(bucket: Bucket, rate: number, bytes: number): Bucket {
  return { ...bucket, tokens: Math.min(rate * burstSeconds, bucket.tokens + bytes) };
}

function refilled(bucket: Bucket, rate: number, now: number): number {
  const gained = (Math.max(0, now - bucket.at) / 1000) * rate;
  return Math.min(rate * burstSeconds, bucket.tokens + gained);
}
