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
