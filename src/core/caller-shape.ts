// What kind of answer a caller can use, told from what browsers say of themselves. Never an input to a decision about access.

/** A frame breaks out, a script gets JSON, an upgrade a bare answer, a page a page. */
export type CallerShape = 'page' | 'frame' | 'script' | 'upgrade';

/**
 * What kind of answer the caller can use. Fetch metadata decides where the browser sends it (W3C Fetch Metadata);
 * without it, a caller that takes HTML is a page.
 */
export function callerShape(headers: ReadonlyMap<string, string>): Exclude<CallerShape, 'upgrade'> {
  const destination = headers.get('sec-fetch-dest');
  if (headers.has('x-requested-with')) return 'script';
  if (destination === 'document') return 'page';
  if (destination === 'iframe' || destination === 'frame') return 'frame';
  if (destination !== undefined || headers.has('sec-fetch-mode')) return 'script';
  const accept = headers.get('accept');
  return accept === undefined || /text\/html|application\/xhtml\+xml|\*\/\*/.test(accept) ? 'page' : 'script';
}
