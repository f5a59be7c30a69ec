// Reads the quantities IT writes: times, sizes and rates, each with its unit. A bare number is never guessed at,
// because `after: 15` meant as minutes and read as seconds, or the other way round, is found out too late.

export type Read<T> = { readonly value: T } | { readonly problem: string };

const secondsPer = new Map([
  ['s', 1],
  ['m', 60],
  ['h', 3600],
  ['d', 86_400],
  ['w', 604_800],
  // Counted long, so that a time to keep something never ends early in a leap year.
  ['y', 366 * 86_400],
]);

const bytesPer = new Map([
  ['B', 1],
  ['KB', 1e3],
  ['MB', 1e6],
  ['GB', 1e9],
  ['TB', 1e12],
  ['KiB', 2 ** 10],
  ['MiB', 2 ** 20],
  ['GiB', 2 ** 30],
  ['TiB', 2 ** 40],
]);

/** Seconds of `5s`, `15m`, `12h`, `1d`, `2w` or `6y`. A year counts 366 days. */
export function readDuration(text: string): Read<number> {
  if (/^(never|forever|none|unlimited|infinite|always)$/i.test(text))
    return { problem: 'has no end, and one is wanted; write the longest time you mean, such as 12h or 6y' };
  const clock = /^(\d{1,3}):(\d{2})(?::00)?$/.exec(text);
  if (clock !== null) {
    const minutes = Number(clock[1]) * 60 + Number(clock[2]);
    return { problem: `is a time of the day, and how long it lasts is wanted, write ${minutes}m` };
  }
  return readAmount(text, secondsPer, 'a time with its unit', (digits) => `${digits}m, ${digits}s or ${digits}h`, '15m');
}

/** Bytes of `64KB`, `200MB`, `2GB` (thousands) or `5GiB` (1,024s). */
export function readSize(text: string): Read<number> {
  return readAmount(text, bytesPer, 'a size with its unit', (digits) => `${digits}MB, ${digits}KB or ${digits}GB`, '200MB');
}

/** The count of `30/hour`. */
export function readCountRate(text: string, period: string): Read<number> {
  const [amount, per, ...more] = text.split('/').map((part) => part.trim());
  if (amount === undefined || !/^\d{1,9}$/.test(amount)) return { problem: `is not a rate, write for example 30/${period}` };
  if (per !== period || more.length > 0) return { problem: `must be counted per ${period}, write ${amount}/${period}` };
  return { value: Number(amount) };
}

/** The bytes of `200MB/day` or `5MB/s`. */
export function readSizeRate(text: string, period: string): Read<number> {
  const [amount, per, ...more] = text.split('/').map((part) => part.trim());
  const size = readSize(amount ?? '');
  if ('problem' in size) return { problem: `is not a rate, write for example 200MB/${period}` };
  if (per !== period || more.length > 0) return { problem: `must be counted per ${period}, write ${amount}/${period}` };
  return size;
}

function readAmount(
  text: string,
  units: ReadonlyMap<string, number>,
  kind: string,
  repaired: (digits: string) => string,
  example: string,
): Read<number> {
  const match = /^(\d{1,9}(?:\.\d{1,3})?)\s?([A-Za-z]*)$/.exec(text.trim());
  if (match === null) return { problem: `is not ${kind}, write for example ${example}` };
  const [, digits = '', unit = ''] = match;
  if (unit === '') return { problem: `has no unit, write ${repaired(digits)}` };
  const factor = units.get(unit) ?? sameUnit(unit, units);
  if (factor === undefined) return { problem: `has the unit "${unit}", which must be one of ${[...units.keys()].join(', ')}` };
  return { value: Math.round(Number(digits) * factor) };
}

/** `15min`, `2 hours` and `200mb` can only mean one thing. */
function sameUnit(unit: string, units: ReadonlyMap<string, number>): number | undefined {
  const asked = unit.toLowerCase();
  const word = /^(sec|min|hour|day|week|year)/.exec(asked)?.[1];
  for (const [name, factor] of units) {
    const same = word === undefined ? name.toLowerCase() === asked : units === secondsPer && word.startsWith(name);
    if (same) return factor;
  }
  return undefined;
}

/** Seconds between two times, or `unlimited`. */
export function readRetention(least: string, most: string): (text: string) => Read<number | 'unlimited'> {
  return (text) => {
    if (text === 'unlimited') return { value: 'unlimited' };
    if (/^(never|forever|none|infinite|always|unlimited)$/i.test(text))
      return { problem: 'is not a time to keep records, write unlimited where they are never let go' };
    const [asked, from, to] = [readDuration(text), readDuration(least), readDuration(most)];
    if ('problem' in asked || 'problem' in from || 'problem' in to) return asked;
    if (asked.value >= from.value && asked.value <= to.value) return asked;
    return { problem: `must lie between ${least} and ${most}, or be unlimited` };
  };
}
