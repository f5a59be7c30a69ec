// Refuses what another site made the browser send towards an EHR that checks no token of its own (cross-site request
// forgery); SameSite=Lax is the first line before this. Used where the method, or the rule, says that something changes.

import { refuse } from '../core/answer.ts';
import type { End } from '../core/answer.ts';
import { judgeForeignForm } from '../core/session/same-origin.ts';

/** `own` is our public origin; `remedy` an address of ours that the person may open instead, by a click of their own. */
export function refuseForeign(headers: ReadonlyMap<string, string>, own: string, remedy?: string): End | undefined {
  const verdict = judgeForeignForm(headers.get('origin'), headers.get('sec-fetch-site'), own);
  if (verdict.same) return undefined;
  const detail = `This must be sent from ${own}; ${verdict.why}`;
  return refuse('origin-not-permitted', { detail, ...(remedy === undefined ? {} : { remedy }) });
}
