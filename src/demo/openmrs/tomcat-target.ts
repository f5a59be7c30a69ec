// From a request line to a path, as Tomcat reads it: what follows a semicolon in a segment is a parameter and no part of the
// path, so `..;/` climbs, and a session id may come that way. Nothing here guards anything; it repeats what Tomcat does.

export type TomcatTarget =
  | { readonly kind: 'path'; readonly path: string; readonly jsessionid: string | null; readonly query: URLSearchParams }
  | { readonly kind: 'refused'; readonly status: 400 };

/** Never throws. */
export function tomcatTarget(target: string): TomcatTarget {
  const mark = target.indexOf('?');
  const raw = mark < 0 ? target : target.slice(0, mark);
  // Tomcat's defaults for encoded slashes and for backslashes: refused, not decoded.
  if (/%2f|%5c|%00|\\/i.test(raw)) return { kind: 'refused', status: 400 };
  const path = resolve(raw.split('/').map((segment) => decode(segment.split(';', 1)[0] ?? '')));
  if (path === null) return { kind: 'refused', status: 400 };
  const jsessionid = /;jsessionid=([^;/?]+)/.exec(raw)?.[1] ?? null;
  return { kind: 'path', path, jsessionid, query: new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1)) };
}

/** Dots are resolved after the parameters went; null above the root. */
function resolve(segments: readonly string[]): string | null {
  const kept: string[] = [];
  for (const segment of segments) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') kept.push(segment);
    else if (kept.pop() === undefined) return null;
  }
  return `/${kept.join('/')}${segments.at(-1) === '' && kept.length > 0 ? '/' : ''}`;
}

function decode(segment: string): string {
  const bytes = segment.replaceAll(/%([0-9a-f]{2})/gi, (_all, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
