// Reads headers as they stand on the wire: a list of names and values by turns, with every repeat and in any capitals.

/** Whether a name from the wire is this one, which is in lower case. */
export function isNamed(given: string | undefined, name: string): boolean {
  // Most names differ in their length, and to fold one makes a new text.
  return given?.length === name.length && given.toLowerCase() === name;
}

/** The first value of a header; `name` in lower case. Null where it is absent. */
export function headerOf(headers: readonly string[], name: string): string | null {
  return headers.find((_, at) => at % 2 === 1 && isNamed(headers[at - 1], name)) ?? null;
}

/** All values of a header in their order; `name` in lower case. */
export function headersOf(headers: readonly string[], name: string): readonly string[] {
  return headers.filter((_, at) => at % 2 === 1 && isNamed(headers[at - 1], name));
}
