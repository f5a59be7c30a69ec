// Reads one field of a request where a rule says it stands, in the query or in the form, and notices when the other place
// says otherwise. Takes no decision.

import { fieldOf } from './fields.ts';
import type { FieldReading } from './fields.ts';
import { maxFields } from './gather-fields.ts';
import type { Fields, ParameterDialect } from './policy.ts';
import { quote } from '../target/quote.ts';

/** The two places, as far as they have been read. */
export interface RequestFields {
  readonly query: Fields;
  readonly form: Fields | null;
}

const noFields: Fields = new Map();

/**
 * With `bothPlaces`, or where the upstream merges query and form (Java's getParameter; nobody knows about `strict`), a
 * differing value in the other place makes the field ambiguous.
 */
export function readField(
  place: 'query' | 'form',
  name: string,
  fields: RequestFields,
  dialect: ParameterDialect,
  bothPlaces = false,
): FieldReading {
  const own = readPlace(place, name, fields, dialect);
  if (own.kind !== 'one' || (dialect === 'php' && !bothPlaces)) return own;
  const other = readOther(place, name, fields, dialect);
  if (other.kind === 'absent' || (other.kind === 'one' && other.value === own.value)) return own;
  return { kind: 'ambiguous', detail: `Field ${quote(name)} says one thing in the query and another in the form` };
}

/**
 * The field as a condition asks for it. Where it is missing in its own place and sent in the other one, nobody here knows
 * whether the EHR takes it from there (Java's getParameter, PHP's $_REQUEST), so it is ambiguous. Except in the form for a
 * rule about the query under `php`: such an EHR routes by $_GET, and its uploads are too long to be read ahead.
 */
export function readCondition(
  place: 'query' | 'form',
  name: string,
  fields: RequestFields,
  dialect: ParameterDialect,
): FieldReading {
  const own = readField(place, name, fields, dialect);
  if (own.kind !== 'absent' || (place === 'query' && !formShadowsQuery(dialect))) return own;
  if (readOther(place, name, fields, dialect).kind === 'absent') return own;
  const asked = place === 'query' ? 'asked for in the query and sent in the form' : 'asked for in the form and sent in the query';
  return { kind: 'ambiguous', detail: `Field ${quote(name)} is ${asked}` };
}

/** Whether a field of the form may pass for one of the query, so that a rule about the query must read both. */
export function formShadowsQuery(dialect: ParameterDialect): boolean {
  return dialect !== 'php';
}

/**
 * Where query and form are merged, their fields are counted together, the query's first, and no more than the limit are
 * read (Tomcat's maxParameterCount). PHP counts each place for itself (max_input_vars).
 */
function readPlace(place: 'query' | 'form', name: string, fields: RequestFields, dialect: ParameterDialect): FieldReading {
  const reading = fieldOf(placed(place, fields), name, dialect);
  const count = countOf(fields.query) + countOf(placed('form', fields));
  if (place === 'query' || dialect === 'php' || reading.kind !== 'one' || count <= maxFields) return reading;
  const detail = `Field ${quote(name)} is one of ${count} fields in query and form, and ${maxFields} are read for certain`;
  return { kind: 'ambiguous', detail };
}

function countOf({ marks }: Fields): number {
  return marks?.count ?? 0;
}

function placed(place: 'query' | 'form', { query, form }: RequestFields): Fields {
  return place === 'query' ? query : (form ?? noFields);
}

function readOther(place: 'query' | 'form', name: string, fields: RequestFields, dialect: ParameterDialect): FieldReading {
  if (place === 'form') return readPlace('query', name, fields, dialect);
  const isFieldless = fields.form?.marks?.fieldless === true;
  return readPlace('form', name, isFieldless ? { ...fields, form: noFields } : fields, dialect);
}
