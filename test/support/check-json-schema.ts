// Checks a value against the part of JSON Schema (draft 7 and 2020-12) that our chart and our YAML files use. A keyword it does not know is an error,
// because a check that skips what it does not understand would let everything through.

type Schema = { readonly [keyword: string]: unknown };
type Check = (rule: unknown, value: unknown, at: string, schema: Schema) => readonly string[];

/** Every mistake as `place: what is wrong`; empty where the value fits. */
export function checkJsonSchema(schema: Schema, value: unknown, at = 'values'): readonly string[] {
  return Object.entries(schema).flatMap(([keyword, rule]) => {
    const check = keywords[keyword];
    if (check === undefined) throw new Error(`Cannot check the schema keyword "${keyword}" at ${at}`);
    return check(rule, value, at, schema);
  });
}

const none: Check = () => [];

const keywords: Readonly<Record<string, Check>> = {
  $schema: none,
  title: none,
  description: none,
  type: (rule, value, at) => (hasType(rule, value) ? [] : [`${at}: must be ${String(rule)}`]),
  enum: (rule, value, at) => ((rule as unknown[]).includes(value) ? [] : [`${at}: must be one of ${String(rule)}`]),
  const: (rule, value, at) => (rule === value ? [] : [`${at}: must be ${String(rule)}`]),
  minimum: (rule, value, at) =>
    typeof value !== 'number' || value >= Number(rule) ? [] : [`${at}: must be at least ${String(rule)}`],
  maximum: (rule, value, at) =>
    typeof value !== 'number' || value <= Number(rule) ? [] : [`${at}: must be at most ${String(rule)}`],
  minLength: (rule, value, at) => (typeof value !== 'string' || value.length >= Number(rule) ? [] : [`${at}: is too short`]),
  pattern: (rule, value, at) =>
    typeof value !== 'string' || new RegExp(String(rule), 'u').test(value) ? [] : [`${at}: must match ${String(rule)}`],
  maxLength: (rule, value, at) => (typeof value !== 'string' || value.length <= Number(rule) ? [] : [`${at}: is too long`]),
  minItems: (rule, value, at) => (!Array.isArray(value) || value.length >= Number(rule) ? [] : [`${at}: has too few entries`]),
  maxItems: (rule, value, at) => (!Array.isArray(value) || value.length <= Number(rule) ? [] : [`${at}: has too many entries`]),
  anyOf: (rule, value, at) =>
    nearest(
      (rule as Schema[]).map((form) => checkJsonSchema(form, value, at)),
      at,
    ),
  propertyNames: (rule, value, at) =>
    isObject(value) ? Object.keys(value).flatMap((key) => checkJsonSchema(rule as Schema, key, `${at}.${key}`)) : [],
  minProperties: (rule, value, at) =>
    !isObject(value) || Object.keys(value).length >= Number(rule) ? [] : [`${at}: has too few keys`],
  required: (rule, value, at) =>
    isObject(value) ? (rule as string[]).filter((key) => !(key in value)).map((key) => `${at}.${key}: is missing`) : [],
  items: (rule, value, at) =>
    Array.isArray(value) ? value.flatMap((item, index) => checkJsonSchema(rule as Schema, item, `${at}[${index}]`)) : [],
  properties: (rule, value, at) =>
    isObject(value)
      ? Object.entries(rule as Record<string, Schema>).flatMap(([key, inner]) =>
          key in value ? checkJsonSchema(inner, value[key], `${at}.${key}`) : [],
        )
      : [],
  additionalProperties: (rule, value, at, schema) => {
    const known = Object.keys((schema.properties as Schema | undefined) ?? {});
    const others = isObject(value) ? Object.keys(value).filter((key) => !known.includes(key)) : [];
    if (rule === false) return others.map((key) => `${at}.${key}: is not a known key`);
    return others.flatMap((key) => checkJsonSchema(rule as Schema, (value as Schema)[key], `${at}.${key}`));
  },
};

/** What the form says that was meant: one of the right type, with the fewest mistakes. */
function nearest(forms: readonly (readonly string[])[], at: string): readonly string[] {
  const other = (marks: readonly string[]): number =>
    marks.some((mark) => /^: must be [a-z,]+$/.test(mark.slice(at.length))) ? 1 : 0;
  return forms.toSorted((a, b) => other(a) - other(b) || a.length - b.length)[0] ?? [];
}

function hasType(type: unknown, value: unknown): boolean {
  if (Array.isArray(type)) return type.some((one) => hasType(one, value));
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'null') return value === null;
  return type === 'object' ? isObject(value) : typeof value === type;
}

function isObject(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
