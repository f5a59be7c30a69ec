// Looks into a FHIR resource that somebody else wrote: what has not the form it should have is not there.

export type Json = Readonly<Record<string, unknown>>;

const longestText = 200;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Empty where there is none. */
export function objectIn(value: Json, key: string): Json {
  const found = value[key];
  return isObject(found) ? found : {};
}

/** One alone counts as a list of one. */
export function objectsIn(value: Json, key: string): readonly Json[] {
  const found = value[key];
  return (Array.isArray(found) ? found : [found]).filter(isObject);
}

/** Trimmed and not longer than anybody shows; empty where there is none. */
export function textIn(value: Json, key: string): string {
  const found = value[key];
  return typeof found === 'string' ? found.trim().slice(0, longestText) : '';
}

/** What a CodeableConcept says to people, else its code. */
export function conceptText(concept: Json): string {
  const words = [
    textIn(concept, 'text'),
    ...objectsIn(concept, 'coding').flatMap((one) => [textIn(one, 'display'), textIn(one, 'code')]),
  ];
  return words.find((word) => word !== '') ?? '';
}

/** The first that says anything; empty where none does. */
export function firstText(...texts: readonly string[]): string {
  return texts.find((text) => text !== '') ?? '';
}
