// The criteria by which a request belongs to a route, one function each. The matcher and the explanation both ask these,
// so that the two can never disagree.

import type { ParameterDialect, FieldCondition, Method } from './policy.ts';
import { formShadowsQuery, readCondition, readField } from './read-field.ts';
import type { RequestFields } from './read-field.ts';

/** `ambiguous` holds the sentence for the person; such a request is refused, whatever the rule would have said. */
export type Fit = 'hit' | 'miss' | { readonly ambiguous: string };

const bodyless: ReadonlySet<Method> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** These methods have no form: it is empty rather than unread. */
export function hasNoForm(method: Method): boolean {
  return bodyless.has(method);
}

/** HEAD is judged as GET: the program behind runs either way. */
export function methodFits(methods: readonly Method[], method: Method): boolean {
  return methods.includes(method) || (method === 'HEAD' && methods.includes('GET'));
}

/** All conditions on one place. The first that misses decides, and so does the first that cannot be told. */
export function conditionsFit(
  conditions: readonly FieldCondition[],
  place: 'query' | 'form',
  fields: RequestFields,
  dialect: ParameterDialect,
): Fit {
  for (const condition of conditions) {
    const reading = readCondition(place, condition.name, fields, dialect);
    if (reading.kind === 'ambiguous') return { ambiguous: reading.detail };
    if (!conditionHolds(condition.expect, reading.kind === 'one' ? reading.value : null)) return 'miss';
  }
  return 'hit';
}

/**
 * Whether an unread form could change what the conditions on the query say: by holding a field that the query lacks, or
 * another value of one. A field that need only be present, and is, stays so.
 */
export function formMayShadow(conditions: readonly FieldCondition[], fields: RequestFields, dialect: ParameterDialect): boolean {
  if (fields.form !== null || !formShadowsQuery(dialect)) return false;
  return conditions.some(
    ({ name, expect }) => typeof expect !== 'string' || readField('query', name, fields, dialect).kind === 'absent',
  );
}

function conditionHolds(expect: FieldCondition['expect'], value: string | null): boolean {
  if (expect === 'present') return value !== null;
  if (expect === 'absent') return value === null;
  return value === expect.value;
}
