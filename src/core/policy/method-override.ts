// Finds the field by which an EHR would take another method than the one that was judged (`_method` and its kin, read by
// Rails, Laravel, Symfony, Spring and Orthanc). Any spelling that the EHR might fold to that name counts. Decides nothing.

import { mayHold } from './fields.ts';
import type { Fields, ParameterDialect } from './policy.ts';

const queryOnly = 'query.';

/** The configured name that the fields carry, or null. `query._method` is looked for in the address alone. */
export function methodOverride(
  names: readonly string[],
  query: Fields,
  form: Fields | null,
  dialect: ParameterDialect,
): string | null {
  for (const written of names) {
    const name = written.startsWith(queryOnly) ? written.slice(queryOnly.length) : written;
    if (mayHold(query, name, dialect)) return name;
    if (form === null || form.marks?.fieldless === true || name !== written) continue;
    if (mayHold(form, name, dialect)) return name;
  }
  return null;
}

/** Whether the EHR also takes such a name from a body, so that the body must be read before it is forwarded. */
export function overrideMayHideInBody(names: readonly string[]): boolean {
  return names.some((name) => !name.startsWith(queryOnly));
}

/** The names that a JSON body carries, as fields; null where they cannot be told. Only the outermost object is looked at. */
export function readJsonNames(text: string): Fields | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const names = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
  return new Map(names.map((name) => [name, ['']]));
}
