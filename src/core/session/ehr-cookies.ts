// Which cookies pass between the browser and the EHR: all but ours, in either direction. Our session never reaches the
// EHR, and the EHR can never set a cookie that an edge of ours would read.

/** The browser's cookies for the EHR: all but ours, whatever their spelling. Null when none is left. */
export function cookieForEhr(cookie: string | undefined): string | null {
  if (cookie === undefined) return null;
  const kept = cookie.split(';').map((pair) => pair.trim()).filter((pair) => pair !== '' && !isOwnCookie(pair.split('=', 1)[0] ?? '')); // prettier-ignore
  return kept.length === 0 ? null : kept.join('; ');
}

/** True for a cookie name that is ours under any folding an old parser might apply. */
export function isOwnCookie(name: string): boolean {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '').replace(/^(?:host|secure)/, '').startsWith('wardgate'); // prettier-ignore
}
