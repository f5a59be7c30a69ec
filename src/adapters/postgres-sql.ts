// The statements of the stores, as PostgreSQL wants them. They are written once, in the words that SQLite and PostgreSQL
// share; what is left to change is how parameters are named and what tables are made of.

/** `?` and `?3` become `$1` and `$3`. No statement of ours holds a question mark in a text. */
export function postgresStatement(sql: string): string {
  let next = 0;
  return sql.replaceAll(/\?(\d*)/g, (_, number: string) => `$${number === '' ? (next += 1) : number}`);
}

/**
 * No text in PostgreSQL holds a zero byte, and whoever has one in their name would be shut out, or stop the index for all: it becomes
 * the sign for what cannot be shown, on the way in and wherever it is asked for.
 */
export function postgresValue<T>(value: T): T {
  if (typeof value === 'string') return value.replaceAll('\0', '\u{fffd}') as T;
  return Array.isArray(value) ? (value.map(postgresValue) as T) : value;
}

/**
 * One step of the schema. Whole numbers have eight bytes on both sides; a table keeps the order in which rows came as SQLite
 * does by itself; what SQLite alone understands is left out.
 */
export function postgresSchema(step: string): string {
  return step
    .replaceAll(/\bINTEGER\b/g, 'BIGINT')
    .replaceAll(/\bBLOB\b/g, 'BYTEA')
    .replaceAll(/\)\s*STRICT(, WITHOUT ROWID)?/g, ')')
    .replaceAll(/(CREATE TABLE (?:IF NOT EXISTS )?\w+ \()/g, '$1rowid BIGINT GENERATED ALWAYS AS IDENTITY, ');
}

/**
 * What takes a list in one parameter apart and reads a field of a stored text, under the names that they have in SQLite. A zero byte
 * or half a character may be spelled out in JSON, and would fail the whole statement when its text is read.
 */
export const postgresFunctions = String.raw`
  CREATE OR REPLACE FUNCTION json_each(list TEXT) RETURNS TABLE (value TEXT) LANGUAGE sql IMMUTABLE
    AS $$ SELECT * FROM json_array_elements_text(list::json) $$;
  CREATE OR REPLACE FUNCTION json_extract(document TEXT, path TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE
    AS $$ SELECT regexp_replace(document, '\\u(0000|d[89a-f]..)', '\\ufffd', 'g')::json #>> string_to_array(substr(path, 3), '.') $$;
`;
