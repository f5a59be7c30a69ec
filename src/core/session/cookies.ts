// The names and the reading of our own cookies. Two cookies of one name mean that somebody else put one there, and then
// neither is believed.

export type OwnCookie = 'session' | 'browser' | 'interaction' | 'retry' | 'device' | 'shift';

const names: Readonly<Record<OwnCookie, string>> = {
  session: 'wardgate',
  browser: 'wardgate-browser',
  interaction: 'wardgate-signin',
  retry: 'wardgate-retry',
  device: 'wardgate-device',
  shift: 'wardgate-shift',
};

/** `__Host-` ties a cookie to this host, to Secure and to path `/` (RFC 6265bis 4.1.3.2); plain names exist on loopback only. */
export function cookieName(cookie: OwnCookie, secure: boolean): string {
  return secure ? `__Host-${names[cookie]}` : names[cookie];
}

export type CookieReading =
  { readonly kind: 'one'; readonly value: string } | { readonly kind: 'none' } | { readonly kind: 'several' };

/**
 * Reads one cookie from the values of all Cookie headers. No decoding: our values are base64url. Looks at those pairs alone
 * in which the name stands, because every request is read so and a header may hold thousands.
 */
export function readCookie(headers: readonly string[], name: string): CookieReading {
  const values: string[] = [];
  for (const header of headers) {
    for (let at = header.indexOf(name); at !== -1;) {
      const ends = header.indexOf(';', at);
      const pair = header.slice(header.lastIndexOf(';', at) + 1, ends === -1 ? undefined : ends);
      const equals = pair.indexOf('=');
      if (equals > 0 && pair.slice(0, equals).trim() === name) values.push(pair.slice(equals + 1).trim());
      at = ends === -1 ? -1 : header.indexOf(name, ends);
    }
  }
  const [value] = values;
  if (value === undefined) return { kind: 'none' };
  return values.length === 1 ? { kind: 'one', value } : { kind: 'several' };
}

/** Browsers keep at most 180 for one site, and the RFC asks for 50 (RFC 6265bis section 5.7). */
const mostCookies = 300;

/** More than any browser sends: each would have to be looked at. */
export function hasTooManyCookies(header: string): boolean {
  let count = 1;
  for (let at = header.indexOf(';'); at !== -1; at = header.indexOf(';', at + 1)) count += 1;
  return count > mostCookies;
}

/** 256 bits in base64url, and nothing else, is an id of ours. */
export function isOwnId(value: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(value);
}

/** A Set-Cookie value. `maxAgeSeconds` null: until the browser closes; 0 removes it. */
export function setCookie(cookie: OwnCookie, value: string, secure: boolean, maxAgeSeconds: number | null): string {
  const age = maxAgeSeconds === null ? '' : `; Max-Age=${maxAgeSeconds}`;
  return `${cookieName(cookie, secure)}=${value}; Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}${age}`;
}
