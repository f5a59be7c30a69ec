// Reads one Set-Cookie value of the EHR as a browser does (RFC 6265bis section 5.6), for one host: Domain, Secure and
// SameSite say nothing here. Never keeps a cookie that could be taken for ours.

import { isOwnCookie } from '../session/ehr-cookies.ts';
import { readCookieDate } from './cookie-date.ts';
import type { JarCookie } from './jar.ts';
import { withoutParameters } from './target-path.ts';

/** Name and value together; EHRs put whole selections in one. A longer cookie is ignored, as in section 5.7. */
const mostCookieBytes = 8192;

/** A longer attribute is ignored (section 5.6). */
const mostAttributeBytes = 1024;

/** No cookie is kept longer than 400 days (section 5.6.2). */
const mostAgeSeconds = 400 * 86_400;

/**
 * The cookie, or null where it is ignored. One that is removed has an `expiresAt` that is not after `now` (epoch
 * milliseconds). `target` is the request line it answers, which gives the path where none is said.
 */
export function readSetCookie(text: string, target: string, now: number): JarCookie | null {
  const pairEnd = endOf(text, ';');
  const pair = text.slice(0, pairEnd);
  const equals = pair.indexOf('=');
  const name = trimmed(pair.slice(0, Math.max(equals, 0)));
  const value = trimmed(pair.slice(equals + 1));
  if (name === '' || isOwnCookie(name) || name.length + value.length > mostCookieBytes) return null;
  // One character per byte; control bytes would end the header that we send, or the line of a log.
  if (/[^\x20-\x7e\x80-\xff]/.test(name + value)) return null;
  const attributes = attributesIn(text.slice(pairEnd + 1));
  return { name, value, path: pathOf(attributes, target), expiresAt: endingOf(attributes, now) };
}

/** The last of a name counts. */
function attributesIn(text: string): ReadonlyMap<string, string> {
  const pairs = text.split(';').map((part): [string, string] => {
    const equals = endOf(part, '=');
    return [trimmed(part.slice(0, equals)).toLowerCase(), trimmed(part.slice(equals + 1))];
  });
  return new Map(pairs.filter(([, value]) => value.length <= mostAttributeBytes));
}

/** Without the blanks of section 5.6 at its ends; any others may be bytes of a character. */
function trimmed(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charAt(start))) start += 1;
  while (end > start && isBlank(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function isBlank(character: string): boolean {
  return character === ' ' || character === '\t';
}

function endOf(text: string, mark: string): number {
  const at = text.indexOf(mark);
  return at === -1 ? text.length : at;
}

/** Without a path that begins with a slash: the folder of the request (section 5.1.4). */
function pathOf(attributes: ReadonlyMap<string, string>, target: string): string {
  const said = attributes.get('path');
  if (said !== undefined && isPath(said)) return said;
  const path = withoutParameters(target).replace(/\?.*$/s, '');
  const folder = path.slice(0, path.lastIndexOf('/'));
  return isPath(folder) ? folder : '/';
}

/** A ";" would end the attribute wherever the cookie is written again, and begin another. */
function isPath(text: string): boolean {
  return /^\/[\x20-\x3a\x3c-\x7e\x80-\xff]*$/.test(text);
}

/** Max-Age counts before Expires; what cannot be read is as if it were not there. */
function endingOf(attributes: ReadonlyMap<string, string>, now: number): number | null {
  const latest = now + mostAgeSeconds * 1000;
  const age = attributes.get('max-age');
  if (age !== undefined && /^-?\d+$/.test(age)) return Math.min(now + Number(age) * 1000, latest);
  const date = readCookieDate(attributes.get('expires') ?? '');
  return date === null ? null : Math.min(date, latest);
}
