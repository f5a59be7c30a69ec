// Looks up one value of a JSON text by its pointer (RFC 6901). Text that is no JSON, also because it was cut, holds nothing.

export type JsonFound = { readonly found: true; readonly value: unknown } | { readonly found: false };

const nothing: JsonFound = { found: false };

/** Own members alone: what every object inherits was not said by the EHR. */
export function jsonAt(text: string, pointer: string): JsonFound {
  const names = namesOf(pointer);
  return names === null ? nothing : names.reduce<JsonFound>(step, parse(text));
}

function step(from: JsonFound, name: string): JsonFound {
  if (!from.found || typeof from.value !== 'object' || from.value === null) return nothing;
  const isMember = Array.isArray(from.value) ? /^(?:0|[1-9]\d*)$/.test(name) : true;
  if (!isMember || !Object.hasOwn(from.value, name)) return nothing;
  return { found: true, value: (from.value as Readonly<Record<string, unknown>>)[name] };
}

/** Null where it is no pointer: one begins with a slash, and `~` stands only in `~0` and `~1`. */
function namesOf(pointer: string): readonly string[] | null {
  if (pointer === '') return [];
  if (!pointer.startsWith('/') || /~(?![01])/.test(pointer)) return null;
  return pointer.slice(1).split('/').map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~')); // prettier-ignore
}

function parse(text: string): JsonFound {
  try {
    return { found: true, value: JSON.parse(text.replace(/^\ufeff/, '')) };
  } catch {
    return nothing;
  }
}
