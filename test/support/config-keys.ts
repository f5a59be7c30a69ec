// Reads which keys a JSON Schema knows and which keys a commented YAML file shows, in use or behind a `#`. Knows nothing
// of their meaning.

type Schema = { readonly [keyword: string]: unknown };

/** The names under every `properties`, however deep, without repeats. */
export function schemaKeys(schema: unknown): readonly string[] {
  const keys = new Set<string>();
  collect(schema, keys);
  return [...keys].sort();
}

function collect(schema: unknown, keys: Set<string>): void {
  if (Array.isArray(schema)) {
    for (const one of schema) collect(one, keys);
    return;
  }
  if (typeof schema !== 'object' || schema === null) return;
  for (const [keyword, inner] of Object.entries(schema as Schema)) {
    if (keyword === 'properties') for (const key of Object.keys(inner as Schema)) keys.add(key);
    const below = keyword === 'properties' || keyword === '$defs' || keyword === 'definitions';
    if (below) for (const one of Object.values(inner as Schema)) collect(one, keys);
    else if (keyword !== 'const' && keyword !== 'enum' && keyword !== 'default') collect(inner, keys);
  }
}

/** Every `key:` of a YAML text, of comments too: at the start of a line, behind a dash, or inside `{ … }`. */
export function documentedKeys(text: string): ReadonlySet<string> {
  const found = text.matchAll(/(?:^|[{,\s-])(["']?)([A-Za-z$][A-Za-z0-9_-]*)\1:(?=\s|$)/gm);
  return new Set([...found].map((match) => match[2] ?? ''));
}
