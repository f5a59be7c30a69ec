// Turns a raw request target into the one CanonicalTarget, or says why it cannot be. Ambiguous spellings are refused and
// never repaired: whatever two servers could read differently does not pass. Never throws, never looks at the rules.

import type { CanonicalTarget, TargetProfile } from './canonical-target.ts';
import { followsScript, judgeSegment } from './judge-segment.ts';
import { holdsLookAlike } from './look-alike.ts';
import { quote } from './quote.ts';

/** Why a target cannot be accepted. `detail` is one printable sentence for the person. */
export interface TargetProblem {
  readonly reason: 'target-malformed' | 'target-too-long';
  readonly detail: string;
}

/** Segments of a path; the deepest EHR has a dozen. Patterns are tried against each, so thousands would cost every rule. */
const maxSegments = 256;

const slash = 0x2f;
const questionMark = 0x3f;
const hash = 0x23;
const plain = 1;
const rewritten = 2;

/** RFC 3986 pchar without `;`, and the slash. `%`, `:` and `@` are serialised anew, everything else stays as it is. */
const pathBytes = new Uint8Array(128);
for (const character of "/abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,=") {
  pathBytes[character.charCodeAt(0)] = plain;
}
for (const character of '%:@') pathBytes[character.charCodeAt(0)] = rewritten;

/** Bytes that no percent sign may stand for: each would be read as a separator, or decoded once more, further on. */
const hidden: ReadonlySet<number> = new Set(Array.from('/\\%?#;', (character) => character.charCodeAt(0)));

/** `raw` is the request target as received, one character per byte. Its canonical form has at most `maxBytes` bytes too. */
export function canonicalize(raw: string, profile: TargetProfile, maxBytes: number): CanonicalTarget | TargetProblem {
  if (raw.length > maxBytes) return tooLong(raw.length, maxBytes);
  if (raw.charCodeAt(0) !== slash) return malformed('The address does not begin with a slash; send the path alone');
  let pathEnd = raw.length;
  let plainPath = true;
  for (let at = 1; at < raw.length; at += 1) {
    const code = raw.charCodeAt(at);
    const kind = pathBytes[code];
    if (kind === plain) continue;
    if (code === questionMark) {
      pathEnd = at;
      break;
    }
    if (kind !== rewritten)
      return malformed(`The address holds ${nameOf(code)} at character ${at + 1}, which may not stand there`);
    plainPath = false;
  }
  const misplaced = findMisplacedInQuery(raw, pathEnd + 1);
  if (misplaced !== -1) {
    return malformed(
      `The query holds ${nameOf(raw.charCodeAt(misplaced))} at character ${misplaced + 1}, which may not stand there`,
    );
  }
  const query = pathEnd === raw.length ? null : raw.slice(pathEnd + 1);
  const path = raw.slice(0, pathEnd);
  return plainPath ? judgePath(path, path.slice(1).split('/'), query, profile) : decodePath(path, query, profile, maxBytes);
}

/** Decodes the segments and serialises them once more, so that every spelling of one path becomes the same string. */
function decodePath(
  path: string,
  query: string | null,
  profile: TargetProfile,
  maxBytes: number,
): CanonicalTarget | TargetProblem {
  const segments: string[] = [];
  for (const segment of path.slice(1).split('/')) {
    const decoded = decodeSegment(segment);
    if (typeof decoded !== 'string') return decoded;
    segments.push(decoded);
  }
  const serialised = `/${segments.map(serialise).join('/')}`;
  const length = serialised.length + (query === null ? 0 : query.length + 1);
  // A colon takes three bytes in the canonical form; without this the canonical form would not itself be accepted.
  return length > maxBytes ? tooLong(length, maxBytes) : judgePath(serialised, segments, query, profile);
}

function judgePath(
  path: string,
  segments: readonly string[],
  query: string | null,
  profile: TargetProfile,
): CanonicalTarget | TargetProblem {
  if (segments.length > maxSegments) {
    return { reason: 'target-too-long', detail: `The address has ${segments.length} parts, and ${maxSegments} are accepted` };
  }
  let previous = '';
  let left = segments.length;
  for (const segment of segments) {
    left -= 1;
    const problem = judgeSegment(segment, left === 0, profile);
    if (problem !== null) return malformed(`The part ${quote(segment)} of the address ${problem}`);
    if (profile === 'php' && followsScript(previous)) {
      return malformed(`The part ${quote(previous)} of the address is a script, and nothing may follow it`);
    }
    previous = segment;
  }
  return { path, query, segments } as CanonicalTarget;
}

function decodeSegment(segment: string): string | TargetProblem {
  for (let at = segment.indexOf('%'); at !== -1; at = segment.indexOf('%', at + 3)) {
    const digits = segment.slice(at + 1, at + 3);
    if (!/^[\dA-Fa-f]{2}$/.test(digits))
      return malformed(`${quote(`%${digits}`)} in the address is not a percent sign with two hex digits`);
    const byte = Number.parseInt(digits, 16);
    if (byte < 0x20 || byte === 0x7f || hidden.has(byte))
      return malformed(`"%${digits}" in the address hides a character that may not stand there`);
  }
  const text = decodeUtf8(segment);
  if (text === null) return malformed('The address is not valid UTF-8 once decoded');
  if (/\p{C}/u.test(text)) return malformed('The address hides an invisible or unassigned character');
  return holdsLookAlike(text) ? malformed('The address holds a look-alike of another character') : text;
}

function decodeUtf8(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}

/** Unreserved characters and sub-delimiters raw, the rest as `%XX` in capitals. */
function serialise(segment: string): string {
  return encodeURIComponent(segment).replaceAll(/%(?:24|26|2B|2C|3D)/g, decodeURIComponent);
}

/** The query is passed on byte for byte, so only what no request line may hold is looked for. */
function findMisplacedInQuery(raw: string, from: number): number {
  for (let at = from; at < raw.length; at += 1) {
    const code = raw.charCodeAt(at);
    if (code < 0x21 || code > 0x7e || code === hash) return at;
  }
  return -1;
}

function malformed(detail: string): TargetProblem {
  return { reason: 'target-malformed', detail };
}

function tooLong(bytes: number, maxBytes: number): TargetProblem {
  return { reason: 'target-too-long', detail: `The address has ${bytes} bytes, and ${maxBytes} are accepted` };
}

function nameOf(code: number): string {
  return code > 0x20 && code < 0x7f
    ? JSON.stringify(String.fromCharCode(code))
    : `the byte 0x${code.toString(16).padStart(2, '0')}`;
}
