// Which session of the EHR a request belongs to, by the cookie that names it. The value is compared and forgotten; it is
// never recorded.

/** The value in the browser's Cookie header; several make one that fits no other. Null where none is sent or `name` is. */
export function ehrSessionOf(cookie: string | undefined, name: string | null): string | null {
  if (cookie === undefined || name === null) return null;
  const values = cookie.split(';').flatMap((pair) => valueOf(pair, name) ?? []);
  return values.length === 0 ? null : values.join(' ');
}

/** The same after a reply, whose `headers` are name, value, name, value. Of several cookies the last counts. */
export function ehrSessionAfter(before: string | null, headers: readonly string[], name: string | null): string | null {
  if (name === null) return before;
  let after = before;
  for (let at = 0; at + 1 < headers.length; at += 2) {
    if (headers[at]?.toLowerCase() !== 'set-cookie') continue;
    after = valueOf(String(headers[at + 1]).replace(/;.*$/s, ''), name) ?? after;
  }
  return after;
}

function valueOf(pair: string, name: string): string | null {
  const equals = pair.indexOf('=');
  return pair.slice(0, Math.max(equals, 0)).trim() === name ? pair.slice(equals + 1).trim() : null;
}
