// Says from the Content-Type how a body's fields are to be read. A type that the EHR might take for a form and we might
// not is unreadable, not "no form". Never looks at the body.

import { readParameters } from './header-parameters.ts';
import { quote } from '../target/quote.ts';

export type FormEncoding =
  | { readonly kind: 'urlencoded' }
  | { readonly kind: 'multipart'; readonly boundary: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'unreadable'; readonly detail: string };

const maxCharacters = 512;
const charsets: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'us-ascii', 'iso-8859-1']);

/** `contentType` is the header's whole value, null where there was none. */
export function formEncoding(contentType: string | null): FormEncoding {
  if (contentType === null) return { kind: 'none' };
  if (contentType.length > maxCharacters) return unreadable(contentType);
  const semicolon = contentType.indexOf(';');
  // Written as browsers write it: Tomcat takes no capitals, PHP no tab, and a form that one of them does not read has no fields.
  const type = (semicolon === -1 ? contentType : contentType.slice(0, semicolon)).replaceAll(/^ +| +$/g, '');
  const isMultipart = type === 'multipart/form-data';
  if (!isMultipart && type !== 'application/x-www-form-urlencoded') {
    // PHP reads up to the first blank or comma, and upload libraries take every multipart type.
    return /multipart\/|form-urlencoded/i.test(contentType) ? unreadable(contentType) : { kind: 'none' };
  }
  const parameters = readParameters(semicolon === -1 ? '' : contentType.slice(semicolon));
  if (parameters === null) return unreadable(contentType);
  const charset = parameters.get('charset');
  if (charset !== undefined && !charsets.has(charset.toLowerCase())) {
    return { kind: 'unreadable', detail: `The form's character set ${quote(charset)} is not accepted; send utf-8` };
  }
  return isMultipart ? readBoundary(parameters, contentType) : { kind: 'urlencoded' };
}

/** PHP takes whatever follows the first "boundary" in the header, so no other parameter may stand there. */
function readBoundary(parameters: ReadonlyMap<string, string>, contentType: string): FormEncoding {
  const boundary = parameters.get('boundary');
  const others = [...parameters.keys()].some((name) => name !== 'boundary' && name !== 'charset');
  if (boundary === undefined || others || !/^[\w'()+\-./:=?]{1,70}$/.test(boundary)) return unreadable(contentType);
  return { kind: 'multipart', boundary };
}

function unreadable(contentType: string): FormEncoding {
  return { kind: 'unreadable', detail: `The form's type ${quote(contentType)} cannot be read for certain` };
}
