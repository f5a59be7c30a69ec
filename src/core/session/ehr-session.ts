// Which session of the EHR a request belongs to, by the cookie that names it. The value is compared and forgotten; it is
// never recorded.

/** The values under exactly this name in the browser's Cookie header, in their order. */
export function ehrSessionsSent(cookie: string | undefined, name: string): readonly string[] {
  if (cookie === undefined || !cookie.includes(name)) return [];
  return cookie.split(';').flatMap((pair) => valueOf(pair, name) ?? []);
}

/**
 * The values that a Set-Cookie list opens a session with, in their order. A removal opens none: its value, such as
 * `deleted`, is the same for everybody, and an EHR that accepts any id would make one session of it. `now` is epoch
 * milliseconds.
 */
export function ehrSessionsSet(cookies: readonly string[], name: string, now: number): readonly string[] {
  return cookies.flatMap((cookie) => {
    const [pair = '', ...attributes] = cookie.split(';');
    const value = valueOf(pair, name);
    return value === null || value === '' || attributes.some((one) => removes(one, now)) ? [] : value;
  });
}

function valueOf(pair: string, name: string): string | null {
  const equals = pair.indexOf('=');
  return pair.slice(0, Math.max(equals, 0)).trim() === name ? pair.slice(equals + 1).trim() : null;
}

function removes(attribute: string, now: number): boolean {
  const age = /^\s*max-age\s*=\s*(-?\d+)\s*$/i.exec(attribute);
  if (age) return Number(age[1]) <= 0;
  const expires = /^\s*expires\s*=(.*)$/i.exec(attribute);
  return expires !== null && Date.parse(String(expires[1])) <= now;
}
