// A time of the gateway as a person reads it on a terminal: UTC, to the minute.

/** `2026-11-29 14:05 UTC`; `-` for none. */
export function spokenTime(iso: string | null): string {
  return iso === null ? '-' : `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}
