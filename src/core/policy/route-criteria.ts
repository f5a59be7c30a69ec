// The criteria by which a request belongs to a route, one function each. The matcher and the explanation both ask these,
// so that the two can never disagree.

import { foldAscii } from '../target/fold-ascii.ts';
import { quote } from '../target/quote.ts';
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
    const fit = conditionFit(condition, reading.kind === 'one' ? reading.value : null);
    if (fit !== 'hit') return fit;
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

function conditionFit({ name, expect }: FieldCondition, value: string | null): Fit {
  if (expect === 'present') return value === null ? 'miss' : 'hit';
  if (expect === 'absent') return value === null ? 'hit' : 'miss';
  if (value === expect.value) return 'hit';
  if (value === null || !mayPassFor(value, expect.value)) return 'miss';
  return { ambiguous: `Field ${quote(name)} is nearly ${quote(expect.value)}, and the EHR may take it for that` };
}

/** Whether a program that trims, ignores case or ends a text at its first NUL reads `wanted` where another value stands. */
function mayPassFor(value: string, wanted: string): boolean {
  const loose = loosen(wanted);
  return loosen(value) === loose || (value.includes('\0') && loosen(value.slice(0, value.indexOf('\0'))) === loose);
}

function loosen(value: string): string {
  return foldAscii(value.replaceAll('\0', ' ').trim());
}
