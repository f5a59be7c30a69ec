// Where a Location or the action of a form leads, as a request line on the same EHR (RFC 3986 section 5.2). Whatever leads
// elsewhere, or could be read as leading elsewhere, leads nowhere.

import { isDots, splitQuery } from './target-path.ts';

/** Request lines are no longer than those of people. */
const mostBytes = 8192;

/**
 * The request line that `location` names in a reply to `target`, or null. `origins` are all names of this EHR
 * (`http://ehr.local:8080`); a port that is the scheme's own need not be written.
 */
export function resolveLocation(location: string, target: string, origins: readonly string[]): string | null {
  const trimmed = location.trim();
  // Browsers read a backslash as a slash, and leave out tabs and line ends. What is above ASCII may be bytes of UTF-8.
  if (/[^\P{Cc}\x80-\x9f]|\\/u.test(trimmed)) return null;
  const reference = encode(trimmed.replace(/#.*$/s, ''));
  const local = withoutOrigin(reference, origins);
  if (local === null) return null;
  const [path, query] = splitQuery(merge(local, target));
  const line = withoutDots(path) + query;
  // Two slashes at the beginning would name a host.
  return /^\/(?!\/)/.test(line) && line.length <= mostBytes ? line : null;
}

/** As browsers do, so that what an EHR writes carelessly is still one request line. */
function encode(text: string): string {
  return text.toWellFormed().replaceAll(/[^\x21-\x7e]|["<>`]/gu, (character) => encodeURIComponent(character));
}

/** The reference without scheme and host where they name this EHR; null where they name another. */
function withoutOrigin(reference: string, origins: readonly string[]): string | null {
  const [, scheme, host, rest] = /^(?:(https?):)?\/\/([^/?]*)(.*)$/is.exec(reference) ?? [];
  if (host === undefined || rest === undefined) return /^[a-z][a-z\d+.-]*:/i.test(reference) ? null : reference;
  // What stands before an "@" is a name and a password, and looks like a host to people.
  const isOurs = !host.includes('@') && origins.some((origin) => isSameOrigin(scheme, host, origin));
  if (!isOurs) return null;
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/** Without a scheme the reference has that of the page. */
function isSameOrigin(scheme: string | undefined, host: string, origin: string): boolean {
  const own = URL.parse(origin);
  const named = URL.parse(`${scheme ?? String(own?.protocol).replace(':', '')}://${host}/`);
  return own !== null && named !== null && own.origin === named.origin;
}

function merge(reference: string, target: string): string {
  const [path] = splitQuery(target);
  if (reference === '') return target;
  if (reference.startsWith('/')) return reference;
  return reference.startsWith('?') ? path + reference : path.slice(0, path.lastIndexOf('/') + 1) + reference;
}

/** RFC 3986 section 5.2.4; never above the root. */
function withoutDots(path: string): string {
  const segments = path.split('/');
  const kept: string[] = [];
  for (const [at, segment] of segments.entries()) {
    if (!isDots(segment)) kept.push(segment);
    else {
      if (segment.replaceAll(/%2e/gi, '.') === '..' && kept.length > 1) kept.pop();
      if (at === segments.length - 1) kept.push('');
    }
  }
  return kept.join('/');
}
