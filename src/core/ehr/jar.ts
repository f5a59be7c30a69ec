// The EHR's cookies for one session of ours: plain values, updated as a browser would (RFC 6265bis section 5), for one
// host only. Decides which of them go with a request; never sends one anywhere.

import { readSetCookie } from './set-cookie.ts';
import { withoutParameters } from './target-path.ts';

/** One cookie. `path` begins with `/`; `expiresAt` is epoch milliseconds, null: as long as the session. */
export interface JarCookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
  readonly expiresAt: number | null;
}

/** In the order in which they were first set. At most `mostCookies`, each at most `mostCookieBytes`. */
export type Jar = readonly JarCookie[];

export const emptyJar: Jar = [];

/** Cookies of one session; above it the oldest goes. Browsers keep at least 50 for a site (RFC 6265bis section 5.7). */
const mostCookies = 100;

/**
 * The jar after a reply to the request line `target` with these Set-Cookie values; `now` is epoch milliseconds. The last of
 * several of one name and path wins, because an EHR that gives a new session sends both. The same array where nothing changed.
 */
export function storeCookies(jar: Jar, setCookies: readonly string[], target: string, now: number): Jar {
  let kept = jar;
  for (const text of setCookies) {
    const cookie = readSetCookie(text, target, now);
    if (cookie !== null) kept = withCookie(kept, cookie, now);
  }
  const isSame = kept.length === jar.length && kept.every((cookie, at) => cookie === jar[at]);
  return isSame ? jar : kept;
}

/** The Cookie header for a request to this path, longer paths first and then in order (section 5.8.3); null for none. */
export function cookiesFor(jar: Jar, path: string, now: number): string | null {
  // As the folders of cookies are read, so that a page below `/app;x=1/` keeps its own.
  const requested = withoutParameters(path).replace(/\?.*$/s, '');
  const sent = inOrder(jar.filter((cookie) => lives(cookie, now) && covers(cookie.path, requested)));
  return sent.length === 0 ? null : sent.map(({ name, value }) => `${name}=${value}`).join('; ');
}

/** The values under exactly this name, wherever they are sent, in the order in which they would be. */
export function valuesIn(jar: Jar, name: string, now: number): readonly string[] {
  return inOrder(jar.filter((cookie) => cookie.name === name && lives(cookie, now))).map(({ value }) => value);
}

/**
 * What another gateway stored meanwhile, with what was changed here between `before` and `next` done to it as well. The one
 * that is written later wins where both changed the same cookie.
 */
export function mergeJars(stored: Jar, before: Jar, next: Jar): Jar {
  const set = next.filter((cookie) => !equals(same(before, cookie), cookie));
  const gone = before.filter((cookie) => same(next, cookie) === undefined);
  const left = stored.filter((cookie) => !equals(same(gone, cookie), cookie));
  const kept = left.map((cookie) => same(set, cookie) ?? cookie);
  return [...kept, ...set.filter((cookie) => same(left, cookie) === undefined)].slice(-mostCookies);
}

/** The one of the same name and place. */
function same(jar: Jar, { name, path }: JarCookie): JarCookie | undefined {
  return jar.find((one) => one.name === name && place(one.path) === place(path));
}

function equals(one: JarCookie | undefined, other: JarCookie): boolean {
  return one !== undefined && isEqual(one, other);
}

function withCookie(jar: Jar, cookie: JarCookie, now: number): Jar {
  const at = jar.findIndex(({ name, path }) => name === cookie.name && place(path) === place(cookie.path));
  if (!lives(cookie, now)) return at === -1 ? jar : jar.toSpliced(at, 1);
  const before = jar[at];
  if (before === undefined) return [...jar.filter((one) => lives(one, now)), cookie].slice(-mostCookies);
  return isEqual(before, cookie) ? jar : jar.with(at, cookie);
}

/**
 * `/app` and `/app/` are one place: a browser would keep both and send the older session first, which is over once the EHR
 * has given another.
 */
function place(path: string): string {
  return path.replace(/\/$/, '');
}

function lives({ expiresAt }: JarCookie, now: number): boolean {
  return expiresAt === null || expiresAt > now;
}

function isEqual(one: JarCookie, other: JarCookie): boolean {
  return one.value === other.value && one.path === other.path && one.expiresAt === other.expiresAt;
}

/** RFC 6265bis section 5.1.4. */
function covers(path: string, requested: string): boolean {
  if (!requested.startsWith(path)) return false;
  return requested.length === path.length || path.endsWith('/') || requested[path.length] === '/';
}

function inOrder(cookies: readonly JarCookie[]): readonly JarCookie[] {
  return cookies.toSorted((one, other) => other.path.length - one.path.length);
}
