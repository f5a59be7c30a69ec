// Which cookies of a browser never reach the EHR because the gateway keeps those of their name: scripts of the EHR write
// its session cookie anew, and whoever can write one could ride on somebody else's session.

import { foldings, isOwnCookie, namesIn } from '../session/ehr-cookies.ts';
import type { Jar } from './jar.ts';
import type { CookieClasses } from './recipe.ts';

/** Whether a browser's cookie of that name must be dropped, under any spelling that some program reads as one of ours. */
export function isOwned(classes: CookieClasses, jar: Jar, name: string): boolean {
  const owned = ownedNames(classes, jar);
  return !classes.passthrough.includes(name) && foldings(name).some((one) => owned.has(one));
}

/** The browser's Cookie header without ours and without those that the gateway keeps; null when none is left. */
export function cookiesBesideJar(cookie: string | undefined, classes: CookieClasses, jar: Jar): string | null {
  if (cookie === undefined) return null;
  const owned = ownedNames(classes, jar);
  const kept = cookie
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '' && !isOwnCookie(pair.replace(/=.*$/s, '')) && !isDropped(pair, classes, owned));
  return kept.length === 0 ? null : kept.join('; ');
}

/** One that passes may still carry another behind a comma. */
function isDropped(pair: string, { passthrough }: CookieClasses, owned: ReadonlySet<string>): boolean {
  const passes = passthrough.includes(pair.replace(/=.*$/s, '').trim());
  return namesIn(passes ? pair.slice(endOfFirst(pair)) : pair).some((one) => owned.has(one));
}

function endOfFirst(pair: string): number {
  const comma = pair.indexOf(',');
  return comma === -1 ? pair.length : comma + 1;
}

function ownedNames({ jar: names, passthrough }: CookieClasses, jar: Jar): ReadonlySet<string> {
  const held = jar.map(({ name }) => name).filter((name) => !passthrough.includes(name));
  return new Set([...names, ...held].flatMap(foldings));
}
