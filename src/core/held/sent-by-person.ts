// Whether a request is a form that a person sent from a page of this origin: what may be kept for them when it cannot go on.
// Nothing of another site or of a script, which holds its own words until it has been answered.

import type { CallerShape } from '../caller-shape.ts';

export interface SentRequest {
  readonly method: string;
  readonly shape: CallerShape;
  readonly headers: ReadonlyMap<string, string>;
  /** Null where its length is not told; 0 where it has no body. */
  readonly declaredBytes: number | null;
}

/** `own` is the origin that its page must have. */
export function isSentByPerson({ method, shape, headers, declaredBytes }: SentRequest, own: string): boolean {
  if (method !== 'POST' || (shape !== 'page' && shape !== 'frame')) return false;
  if (declaredBytes === 0 || headers.has('content-encoding') || headers.get('origin') !== own) return false;
  const site = headers.get('sec-fetch-site');
  // `none`: the person has loaded a form again whose answer never came, and the browser still names the origin.
  return site === undefined || site === 'same-origin' || site === 'none';
}
