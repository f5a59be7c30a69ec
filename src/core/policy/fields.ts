// Reads the fields of a query or an urlencoded form, and answers what one of them says for certain. A field that the EHR
// could read otherwise than we do is `ambiguous`, never absent. Parses text only; multipart.ts reads the other kind.

import { foldName } from './field-name.ts';
import { gatherFields, maxFields, tooManyFields } from './gather-fields.ts';
import type { GivenField } from './gather-fields.ts';
import { doubtAboutText, otherReadings } from './other-readings.ts';
import type { Fields, ParameterDialect } from './policy.ts';
import { quote } from '../target/quote.ts';

/** What a field says. `detail` is one sentence for the person. */
export type FieldReading =
  | { readonly kind: 'absent' }
  | { readonly kind: 'one'; readonly value: string }
  | { readonly kind: 'ambiguous'; readonly detail: string };

/** Stands for a body that is no form: it hides nothing from a rule about the query, and a rule about the form cannot read it. */
export const fieldlessBody: Fields = Object.assign(new Map<string, readonly string[]>(), {
  marks: {
    spellings: new Map(),
    doubts: new Map(),
    doubtAll: 'is asked for in a body that is no form',
    fieldless: true,
  } as const,
});

const absent: FieldReading = { kind: 'absent' };
const noFields: Fields = new Map();

/** `query` is the canonical target's: without its `?`, null where there was none. */
export function readQuery(query: string | null, dialect: ParameterDialect): Fields {
  return query === null || query === '' ? noFields : readUrlencoded(query, dialect);
}

/** `text` is the body, one character per byte. `&` alone separates; under `strict` what others may read there is in doubt. */
export function readUrlencoded(text: string, dialect: ParameterDialect): Fields {
  const count = countPairs(text);
  if (count > maxFields) return tooManyFields(count);
  const given = text
    .split('&')
    .filter((pair) => pair !== '')
    .map(readPair);
  if (dialect !== 'strict') return gatherFields(given, dialect);
  const doubt = doubtAboutText(text);
  const isPlain = doubt === null && given.every((field) => field.isNameReadable);
  return gatherFields(isPlain ? given : [...given, ...otherReadings(text, maxFields)], dialect, doubt);
}

/** Whether some reader of these bytes may find a field of that name, whatever it says. */
export function mayHold(fields: Fields, name: string, dialect: ParameterDialect): boolean {
  const { marks } = fields;
  const folded = foldName(name, dialect);
  return marks === undefined ? fields.has(folded.name) : marks.doubtAll !== null || marks.spellings.has(folded.key);
}

/** What the field says, as far as every reader of these bytes agrees. */
export function fieldOf(fields: Fields, name: string, dialect: ParameterDialect): FieldReading {
  const folded = foldName(name, dialect);
  const doubt = doubtAbout(fields, folded.key, name, dialect);
  if (doubt !== null) return { kind: 'ambiguous', detail: `Field ${quote(name)} ${doubt}` };
  const [value, ...repeats] = fields.get(folded.name) ?? [];
  if (value === undefined) return absent;
  if (repeats.length > 0 && (dialect === 'strict' || repeats.some((other) => other !== value))) {
    return { kind: 'ambiguous', detail: `Field ${quote(name)} is sent ${repeats.length + 1} times` };
  }
  return { kind: 'one', value };
}

function doubtAbout(fields: Fields, key: string, name: string, dialect: ParameterDialect): string | null {
  const { marks } = fields;
  if (marks === undefined) return null;
  const doubt = marks.doubtAll ?? marks.doubts.get(key) ?? marks.doubtAny ?? null;
  if (doubt !== null) return doubt;
  const spelled = marks.spellings.get(key);
  return dialect === 'strict' && spelled !== undefined && spelled !== name ? `is spelled ${quote(spelled)}` : null;
}

/** How many pairs that are not empty stand between the `&`. */
function countPairs(text: string): number {
  let count = 0;
  for (let from = 0; from <= text.length;) {
    const found = text.indexOf('&', from);
    const to = found === -1 ? text.length : found;
    if (to > from) count += 1;
    from = to + 1;
  }
  return count;
}

function readPair(pair: string): GivenField {
  const equals = pair.indexOf('=');
  const name = equals === -1 ? pair : pair.slice(0, equals);
  const value = equals === -1 ? '' : pair.slice(equals + 1);
  const decodedName = decode(name);
  const decodedValue = decode(value);
  return {
    // A name that cannot be decoded is still read as leniently as the EHR may read it, so that the doubt finds its field.
    name: decodedName ?? decodeBytes(name),
    value: decodedValue ?? value,
    doubt: decodedName === null || decodedValue === null ? 'is not percent-encoded as it must be' : null,
    isNameReadable: decodedName !== null,
  };
}

function decode(text: string): string | null {
  if (/^[\w.~-]*$/.test(text)) return text;
  if (/[^ -~]|%(?![\da-f]{2})/i.test(text)) return null;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return null;
  }
}

function decodeBytes(text: string): string {
  return text
    .replaceAll('+', ' ')
    .replaceAll(/%([\da-f]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}
