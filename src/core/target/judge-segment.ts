// Judges one decoded path segment. Every refusal here is a name that some server reads as another one: `..` climbs,
// `x.` and `x ` are `x` on Windows, `x::$DATA` is the file `x`, `a.php/b` runs `a.php`. Never repairs a segment.

import type { TargetProfile } from './canonical-target.ts';

// MS-DOS device names, also with an extension, and with blanks before it (Windows, "Naming Files, Paths, and Namespaces").
const device = /^(?:con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$|clock\$) *(?:\..*)?$/i;
const script = /\.(?:php\d?|phtml|phar)$/i;

/** Why the segment cannot be accepted, as the end of a sentence that begins with the quoted segment, or null. */
export function judgeSegment(segment: string, isLast: boolean, profile: TargetProfile): string | null {
  if (segment === '') return isLast ? null : 'is an empty segment; write one slash, not two';
  const edge = judgeEdges(segment);
  if (edge !== null) return edge;
  if (segment.includes('::') || segment.includes(':$')) return 'names an NTFS stream; name the file itself';
  return profile === 'windows' ? judgeWindows(segment) : null;
}

/** PATH_INFO: PHP runs the script and ignores what follows, so a rule for what follows would guard the wrong page. */
export function followsScript(previous: string): boolean {
  return script.test(previous);
}

function judgeEdges(segment: string): string | null {
  if (segment === '.' || segment === '..') return 'is a dot segment; write the address it leads to';
  if (segment.startsWith(' ')) return 'begins with a space';
  if (segment.endsWith(' ') || segment.endsWith('.')) return 'ends with a space or a dot';
  return null;
}

function judgeWindows(segment: string): string | null {
  if (segment.includes(':')) return 'holds a colon, which names a drive or a stream on Windows';
  if (/~\d/.test(segment)) return 'looks like a short 8.3 name; write the long one';
  return device.test(segment) ? 'is a device name on Windows' : null;
}
