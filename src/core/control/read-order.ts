// Reads what a command sent to the running gateway: one order, of which nothing is believed before it has its form.

/** The form of orders that this program speaks; a command of another one is told so. */
export const controlVersion = 1;

/** Lengths in characters, and how many fields an order may have. */
export const orderLimits = { name: 40, by: 64, because: 300, fields: 20, fieldName: 40, field: 512 } as const;

/** An order as it was given. `by` is what the command says of whoever typed it; nothing proves it. */
export interface GivenOrder {
  /** As it is typed behind `wardgate`: `user list`. */
  readonly name: string;
  readonly by: string;
  /** Why, in the words of whoever gave it; null where they said nothing. */
  readonly because: string | null;
  readonly fields: ReadonlyMap<string, string>;
}

export type ReadOrder = { readonly ok: true; readonly order: GivenOrder } | { readonly ok: false; readonly why: string };

const keys = new Set(['version', 'order', 'by', 'because', 'fields']);
const namePattern = /^[a-z][a-z-]*(?: [a-z][a-z-]*)?$/;
const fieldNamePattern = /^[a-z][a-z-]*$/;

/** `value` is parsed JSON of anybody's making. */
export function readOrder(value: unknown): ReadOrder {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return no('An order is a JSON object');
  const given = new Map(Object.entries(value));
  const strange = [...given.keys()].find((key) => !keys.has(key));
  if (strange !== undefined) return no('An order has a key that is not known');
  if (given.get('version') !== controlVersion)
    return no(`This gateway takes orders of version ${controlVersion}; run the command of the same program`);
  const name = given.get('order');
  const by = given.get('by');
  const because = given.get('because') ?? null;
  if (typeof name !== 'string' || name.length > orderLimits.name || !namePattern.test(name)) return no('The order has no name');
  if (typeof by !== 'string' || by === '' || by.length > orderLimits.by) return no('The order does not say who gives it');
  if (because !== null && (typeof because !== 'string' || because.length > orderLimits.because))
    return no(`The reason is longer than ${orderLimits.because} characters`);
  const fields = readFields(given.get('fields') ?? {});
  if (fields === null) return no('The fields of the order cannot be read');
  const reason = because === null || because.trim() === '' ? null : because.trim();
  return { ok: true, order: { name, by, because: reason, fields } };
}

function readFields(value: unknown): ReadonlyMap<string, string> | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const entries: readonly (readonly [string, unknown])[] = Object.entries(value);
  if (entries.length > orderLimits.fields) return null;
  const fields = new Map<string, string>();
  for (const [name, text] of entries) {
    if (name.length > orderLimits.fieldName || !fieldNamePattern.test(name)) return null;
    if (typeof text !== 'string' || text.length > orderLimits.field) return null;
    fields.set(name, text);
  }
  return fields;
}

function no(why: string): ReadOrder {
  return { ok: false, why };
}
