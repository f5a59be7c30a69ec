// Whether two forms hold the same: sent to the same place with the same bytes. Browsers draw a new boundary each time they
// send a multipart form, so the boundary does not count.

import { formEncoding } from '../policy/form-encoding.ts';

export interface SentForm {
  readonly target: string;
  readonly contentType: string | null;
  readonly body: { readonly length: number; toString(encoding: 'latin1'): string };
}

export function sameForm(one: SentForm, other: SentForm): boolean {
  return one.target === other.target && plain(one) === plain(other);
}

function plain({ contentType, body }: SentForm): string {
  const text = body.toString('latin1');
  const encoding = formEncoding(contentType);
  if (encoding.kind !== 'multipart') return `${contentType ?? ''}\n${text}`;
  return `multipart\n${text.split(`--${encoding.boundary}`).join('--')}`;
}
