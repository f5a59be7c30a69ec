// What the page script sends of a form that somebody leaves half typed, read and bounded. Never takes a password, and never
// gives anything that could be sent to the EHR as it stands: a draft is text to be copied.

import { isPasswordName } from './typed-fields.ts';

/** Fields of one draft, and characters of all. */
const mostFields = 100;
const mostCharacters = 100_000;

export interface Draft {
  /** The address of the page, as the page said it: path and query. */
  readonly path: string;
  readonly fields: readonly (readonly [name: string, text: string])[];
}

/** Null where it is no draft, holds nothing typed, or too much. */
export function readDraft(body: unknown): Draft | null {
  if (typeof body !== 'object' || body === null || !('path' in body) || !('fields' in body)) return null;
  const { path, fields } = body;
  if (typeof path !== 'string' || !Array.isArray(fields) || fields.length > mostFields) return null;
  const read: [string, string][] = [];
  let characters = path.length;
  for (const field of fields as readonly unknown[]) {
    const pair = readField(field);
    if (pair === null) return null;
    characters += pair[0].length + pair[1].length;
    if (pair[1].trim() !== '' && !isPasswordName(pair[0])) read.push(pair);
  }
  return read.length === 0 || characters > mostCharacters ? null : { path, fields: read };
}

function readField(field: unknown): [string, string] | null {
  if (!Array.isArray(field) || field.length !== 2) return null;
  const [name, text] = field as readonly unknown[];
  return typeof name === 'string' && typeof text === 'string' ? [name, text] : null;
}
