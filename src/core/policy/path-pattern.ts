// Path patterns: segments only, no regular expressions, so that clinic IT can read them and nobody can make them slow.
// Parsing explains every mistake with its fix; matching is in match-pattern.ts.

import { judgeSegment } from '../target/judge-segment.ts';
import { holdsLookAlike } from '../target/look-alike.ts';
import { quote } from '../target/quote.ts';

/** One piece of a segment pattern: literal text, or a star that takes any run of characters within the segment. */
export type SegmentPattern =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'star'; readonly pieces: readonly string[] }
  | { readonly kind: 'rest' };

/** `/a/{patient}/*.php/**`, parsed. `source` is what IT wrote. */
export interface PathPattern {
  readonly source: string;
  readonly segments: readonly SegmentPattern[];
}

export interface PatternProblem {
  readonly problem: string;
}

const maxCharacters = 512;

/** What may not stand in a pattern, and what to write instead. */
const forbidden: readonly (readonly [RegExp, string])[] = [
  [/\?/, 'holds "?"; a pattern judges the path alone, so write the query as a condition under "when: { query: ... }"'],
  [/#/, 'holds "#"; what follows it never leaves the browser, so end the pattern before it'],
  [/%/, 'holds "%"; write the character itself instead of its percent form'],
  [/\\/, 'holds a backslash; separate segments with "/"'],
  [/;/, 'holds ";"; addresses with path parameters are refused, so end the segment before it'],
  [/\p{C}/u, 'holds an invisible character; type the pattern anew'],
];

/** Parses what IT wrote, or says in one sentence what is wrong with it. Literal segments are written decoded. */
export function parsePattern(source: string): PathPattern | PatternProblem {
  const wrong = judgeSource(source);
  if (wrong !== null) return { problem: `Pattern ${quote(source)} ${wrong}` };
  const names = new Set<string>();
  const segments: SegmentPattern[] = [];
  const written = source.slice(1).split('/');
  for (const [at, text] of written.entries()) {
    const segment = parseSegment(text, at === written.length - 1);
    if (typeof segment === 'string') return { problem: `Pattern ${quote(source)} ${segment}` };
    if (segment.kind === 'name') {
      if (names.has(segment.name))
        return { problem: `Pattern ${quote(source)} uses the name "{${segment.name}}" twice; give each its own` };
      names.add(segment.name);
    }
    segments.push(segment);
  }
  return { source, segments };
}

function judgeSource(source: string): string | null {
  if (source.length > maxCharacters)
    return `has ${source.length} characters, and ${maxCharacters} are accepted; shorten it with "**"`;
  const url = /^https?:\/\/[^/]*(\/.*)$/i.exec(source)?.[1];
  if (url !== undefined) return `is a whole address, and a path is wanted; write ${quote(url)}`;
  if (!source.startsWith('/')) return `does not begin with a slash; write ${quote(`/${source}`)}`;
  if (holdsLookAlike(source)) return 'holds a look-alike of another character; type the pattern anew';
  return forbidden.find(([pattern]) => pattern.test(source))?.[1] ?? null;
}

function parseSegment(text: string, isLast: boolean): SegmentPattern | string {
  if (text === '**') return { kind: 'rest' };
  if (text.includes('**')) return `glues "**" to other text in ${quote(text)}; let it stand between slashes, or write one "*"`;
  if (/[{}]/.test(text)) return parseName(text);
  if (text.includes('*')) return { kind: 'star', pieces: text.split('*') };
  const wrong = judgeSegment(text, isLast, 'generic');
  return wrong === null ? { kind: 'literal', text } : `can never match, because its part ${quote(text)} ${wrong}`;
}

function parseName(text: string): SegmentPattern | string {
  const name = /^\{([A-Za-z][\w-]*)\}$/.exec(text)?.[1];
  if (name !== undefined) return { kind: 'name', name };
  if (/\{[^}]*,/.test(text)) return `lists alternatives in ${quote(text)}, which is not supported; write one path for each`;
  if (/\{[^}]*$/.test(text)) return `opens "{" in ${quote(text)} without closing it; write "{name}"`;
  return `has a misplaced brace in ${quote(text)}; "{name}" takes a whole segment, and its name has letters, digits, "_" and "-" only`;
}
