// Reads a date of birth as exports write it. A date that two countries read as two days is no date.

export type ReadBirthDate = { readonly date: string | null } | { readonly why: string };

const iso = /^(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00(?:\.0+)?)?)?$/;
/** With points the day is first wherever people write so. */
const dotted = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/;
const compact = /^(\d{4})(\d{2})(\d{2})$/;

/** `1980-02-29`, `29.2.1980` or `19800229`; empty is null. What it returns is ISO 8601. */
export function readBirthDate(text: string): ReadBirthDate {
  if (text === '') return { date: null };
  const [, year = '', month = '', day = ''] = iso.exec(text) ?? compact.exec(text) ?? turned(dotted.exec(text)) ?? [];
  if (year === '') return { why: 'write it as 1980-12-31, because 3/4/1980 is two days' };
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const time = Date.parse(`${date}T00:00:00Z`);
  const exists = !Number.isNaN(time) && new Date(time).toISOString().startsWith(date);
  return exists ? { date } : { why: 'there is no such day' };
}

function turned(found: RegExpExecArray | null): readonly string[] | null {
  return found === null ? null : [...found].with(1, found[3] as string).with(3, found[1] as string);
}
