// Reads the date of a cookie as browsers do (RFC 6265bis section 5.1.1), in whatever order EHRs of all ages write it. Never
// depends on the time zone of the machine, as Date.parse does.

const delimiters = /[\t\x20-\x2f\x3b-\x40\x5b-\x60\x7b-\x7e]+/;
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

interface Parts {
  time: readonly [hour: number, minute: number, second: number] | null;
  day: number | null;
  month: number | null;
  year: number | null;
}

/** Epoch milliseconds, or null where it is no date. */
export function readCookieDate(text: string): number | null {
  const parts: Parts = { time: null, day: null, month: null, year: null };
  for (const token of text.split(delimiters)) take(parts, token);
  const { time, day, month, year } = parts;
  if (time === null || day === null || month === null || year === null) return null;
  if (year < 1601 || time[0] > 23 || time[1] > 59 || time[2] > 59) return null;
  // Also refuses the 31st of a month of 30 days.
  const date = new Date(Date.UTC(year, month, day, ...time));
  return date.getUTCDate() === day ? date.getTime() : null;
}

/** Each token is the first of time, day, month and year that is still missing and that it can be. */
function take(parts: Parts, token: string): void {
  const time = /^(\d{1,2}):(\d{1,2}):(\d{1,2})(?!\d)/.exec(token);
  const month = months.indexOf(token.slice(0, 3).toLowerCase());
  const day = /^\d{1,2}(?!\d)/.exec(token);
  const year = /^\d{2,4}(?!\d)/.exec(token);
  if (parts.time === null && time) parts.time = [Number(time[1]), Number(time[2]), Number(time[3])];
  else if (parts.day === null && day) parts.day = Number(day[0]);
  else if (parts.month === null && month !== -1) parts.month = month;
  else if (parts.year === null && year) parts.year = fullYear(Number(year[0]));
}

function fullYear(year: number): number {
  if (year >= 100) return year;
  return year < 70 ? year + 2000 : year + 1900;
}
