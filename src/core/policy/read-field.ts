// Reads one field of a request where a rule says it stands, in the query or in the form, and notices when the other place
// says otherwise. Takes no decision.

import { fieldOf } from './fields.ts';
import type { FieldReading } from './fields.ts';
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
  const form = fields.form ?? noFields;
  const own = fieldOf(place === 'query' ? fields.query : form, name, dialect);
  if (own.kind !== 'one' || (dialect === 'php' && !bothPlaces)) return own;
  const other = fieldOf(place === 'query' ? form : fields.query, name, dialect);
  if (other.kind === 'absent' || (other.kind === 'one' && other.value === own.value)) return own;
  return { kind: 'ambiguous', detail: `Field ${quote(name)} says one thing in the query and another in the form` };
}
