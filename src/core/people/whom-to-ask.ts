// Whom a page names to somebody who may not judge something themselves: the deputy, or nobody by name, where none is named or
// the reader is the deputy and would be sent to themselves.

import { isCalled } from './is-called.ts';

export function whomToAsk(reader: { readonly name: string } | null, deputy: string | null): string | null {
  return deputy === null || (reader !== null && isCalled(reader, deputy)) ? null : deputy;
}
