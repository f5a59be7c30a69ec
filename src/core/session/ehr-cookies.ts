// Which cookies pass between the browser and the EHR: all but ours, in either direction, and of those that could name the
// EHR's session only the one that is known to be this person's. Our session never reaches the EHR, and the EHR can never
// set a cookie that an edge of ours would read.

/** The EHR's session cookie by its name, and the value that goes on; null where none does. */
export interface EhrSessionCookie {
  readonly name: string;
  readonly value: string | null;
}

/** The browser's cookies for the EHR: all but ours, whatever their spelling. Null when none is left. */
export function cookieForEhr(cookie: string | undefined, session: EhrSessionCookie | null = null): string | null {
  if (cookie === undefined) return null;
  const kept = cookie.split(';').map((pair) => pair.trim()).filter((pair) => pair !== '' && !isOwnCookie(pair.replace(/=.*$/s, ''))); // prettier-ignore
  const passed = session === null ? kept : withSession(kept, session);
  return passed.length === 0 ? null : passed.join('; ');
}

/** True for a cookie name that is ours under any folding an old parser might apply. */
export function isOwnCookie(name: string): boolean {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '').replace(/^(?:host|secure)/, '').startsWith('wardgate'); // prettier-ignore
}

// First, and alone under any spelling: some programs take the first of a name and some the last.
function withSession(pairs: readonly string[], { name, value }: EhrSessionCookie): string[] {
  const folded = new Set(foldings(name));
  const others = pairs.filter((pair) => !namesIn(pair).some((one) => folded.has(one)));
  return value === null ? others : [`${name}=${value}`, ...others];
}

/** Every name that a lenient program may read in a pair of a Cookie header, folded; also those behind a comma (RFC 2109). */
export function namesIn(pair: string): readonly string[] {
  return pair.split(',').flatMap((part) => foldings(part.replace(/^[\s=]+/, '')));
}

/**
 * The names that lenient programs read in one pair: percent-decoded, in any capitals and punctuation; whole, up to a NUL,
 * and up to a bracket, which PHP takes for an underscore where it is not closed.
 */
export function foldings(pair: string): readonly string[] {
  const decoded = pair
    .replace(/=.*$/s, '')
    .replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  const ended = decoded.replace(/\0.*$/s, '');
  return [decoded, ended, ended.replace(/\[.*$/s, '')].map((one) => one.toLowerCase().replaceAll(/[^a-z0-9]/g, ''));
}
