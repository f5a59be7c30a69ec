// A reply of the EHR to a request of ours, as far as a recipe may look at it.

export interface EhrReply {
  /** The request line it answers. */
  readonly target: string;
  readonly status: number;
  /** Name, value, name, value. */
  readonly headers: readonly string[];
  /** The first bytes of the body as text; what could not be decoded is replaced. */
  readonly body: string;
}

/** The first value of a header; `name` in lower case. Null where it is absent. */
export function headerOf(headers: readonly string[], name: string): string | null {
  return headersOf(headers, name)[0] ?? null;
}

/** All values of a header in their order; `name` in lower case. */
export function headersOf(headers: readonly string[], name: string): readonly string[] {
  return headers.filter((_, at) => at % 2 === 1 && String(headers[at - 1]).toLowerCase() === name);
}
