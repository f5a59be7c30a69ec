// Request lines as patterns see them: their decoded segments, without path parameters such as `;jsessionid=…`. For request
// lines that the EHR or a recipe wrote; people's are judged by `canonicalize` and never come here undecided.

import { matchPattern } from '../policy/match-pattern.ts';
import type { PathPattern } from '../policy/path-pattern.ts';

/** Whether the path of the request line fits the pattern; capitals count. */
export function matchesPath(pattern: PathPattern, target: string): boolean {
  const path = withoutParameters(target).replace(/\?.*$/s, '');
  return matchPattern(pattern, path.slice(1).split('/').map(decodeSegment), null) !== null;
}

/** The request line without path parameters (RFC 3986 section 3.3): a session stands there, and the gateway takes none. */
export function withoutParameters(target: string): string {
  const [path, query] = splitQuery(target);
  return path.replaceAll(/;[^/]*/g, '') + query;
}

/** Path and query; the query with its `?`, or empty. */
export function splitQuery(target: string): readonly [path: string, query: string] {
  const at = target.indexOf('?');
  return at === -1 ? [target, ''] : [target.slice(0, at), target.slice(at)];
}

/** Whether a segment is a dot segment, also percent-encoded, as every browser reads it. */
export function isDots(segment: string): boolean {
  return /^(?:\.|%2e){1,2}$/i.test(segment);
}

// What is no UTF-8 becomes U+FFFD, which no pattern names.
function decodeSegment(segment: string): string {
  return segment.replaceAll(/(?:%[\da-f]{2})+/gi, (run) => {
    const bytes = run.slice(1).split('%').map((hex) => Number.parseInt(hex, 16)); // prettier-ignore
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes));
  });
}
