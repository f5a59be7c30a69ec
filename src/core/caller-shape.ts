// What kind of answer a caller can use, told from what browsers say of themselves. Never an input to a decision about access.

/** A frame breaks out, a script gets JSON, an upgrade a bare answer, a page a page. */
export type CallerShape = 'page' | 'frame' | 'script' | 'upgrade';

/**
 * What kind of answer the caller can use. Fetch metadata decides where a browser sends it (W3C Fetch Metadata). A mode
 * without a site or a destination comes from no browser but from a program, as Node's fetch does; what programs take is
 * told by Accept: HTML is a page, and so is anything at all, unless the program names JSON too or says how it fetches.
 */
export function callerShape(headers: ReadonlyMap<string, string>): Exclude<CallerShape, 'upgrade'> {
  const destination = headers.get('sec-fetch-dest');
  if (headers.has('x-requested-with')) return 'script';
  if (destination === 'document') return 'page';
  if (destination === 'iframe' || destination === 'frame') return 'frame';
  if (destination !== undefined || headers.has('sec-fetch-site')) return 'script';
  const accept = headers.get('accept')?.toLowerCase() ?? '*/*';
  if (/text\/html|application\/xhtml\+xml/.test(accept)) return 'page';
  return accept.includes('*/*') && !accept.includes('json') && !headers.has('sec-fetch-mode') ? 'page' : 'script';
}
