// Quarters of a year by the clinic's calendar.

const written = /^\d{4}-Q[1-4]$/;

/** `2026-Q4` of a day `2026-11-30`. */
export function quarterOf(day: string): string {
  return `${day.slice(0, 4)}-Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`;
}

export function isQuarter(text: string): boolean {
  return written.test(text);
}
