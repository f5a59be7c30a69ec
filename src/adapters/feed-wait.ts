// Why a receiver cannot have a message now, and how long it asked to be left alone.

export class ReceiverBusy extends Error {
  readonly waitMilliseconds: number;

  constructor(message: string, waitMilliseconds: number) {
    super(message);
    this.name = 'ReceiverBusy';
    this.waitMilliseconds = waitMilliseconds;
  }
}

/** Retry-After in milliseconds, as seconds or as a date; 0 where it asks for nothing. */
export function waitAsked(header: string | string[] | undefined, now: number): number {
  const text = typeof header === 'string' ? header.trim() : '';
  if (/^\d{1,6}$/.test(text)) return Number(text) * 1000;
  const until = Date.parse(text);
  return Number.isNaN(until) ? 0 : Math.max(0, until - now);
}
