// Measures the functions of a source by counting brackets: declarations, methods, accessors and arrows, each with its
// first and last line. Nested functions count towards the one around them too. Never looks at what they do.

import type { Token } from './read-source.ts';

export interface FunctionSpan {
  readonly name: string;
  readonly firstLine: number;
  readonly lastLine: number;
}

const control = new Set(['if', 'for', 'while', 'switch', 'catch', 'with', 'await']);
/** After one of these a brace opens an object type, not the body. */
const typeGoesOn = new Set([
  ':',
  '|',
  '&',
  '=>',
  '<',
  ',',
  '(',
  '[',
  '?',
  'is',
  'keyof',
  'readonly',
  'extends',
  'typeof',
  'asserts',
]);
const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** Every function with a body. A function without a name of its own is called after the line it starts on. */
export function functionsOf(tokens: readonly Token[]): readonly FunctionSpan[] {
  const ends = matching(tokens);
  const found: FunctionSpan[] = [];
  tokens.forEach((token, at) => {
    if (token.kind !== 'mark') return;
    const span = token.text === '=>' ? arrowAt(tokens, ends, at) : token.text === '(' ? methodAt(tokens, ends, at) : null;
    if (span !== null) found.push(span);
  });
  return found;
}

/** For every bracket, the index of its partner. Throws where they do not pair up, so that a reader's mistake is seen. */
function matching(tokens: readonly Token[]): ReadonlyMap<number, number> {
  const open: number[] = [];
  const pairs = new Map<number, number>();
  tokens.forEach((token, at) => {
    if (token.kind !== 'mark') return;
    if (token.text in closing) open.push(at);
    if (!Object.values(closing).includes(token.text)) return;
    const start = open.pop();
    if (start === undefined || closing[tokens[start]?.text ?? ''] !== token.text) {
      throw new Error(`Bracket "${token.text}" on line ${token.line} has no partner`);
    }
    pairs.set(start, at);
    pairs.set(at, start);
  });
  if (open.length > 0) throw new Error(`Bracket on line ${tokens[open[0] ?? 0]?.line ?? 0} is not closed`);
  return pairs;
}

/** A parameter list followed by a body: `name(…) {` or `name(…): Type {`. */
function methodAt(tokens: readonly Token[], ends: ReadonlyMap<number, number>, at: number): FunctionSpan | null {
  const close = ends.get(at);
  if (close === undefined) return null;
  const before = nameBefore(tokens, at);
  if (before === null || control.has(before.text)) return null;
  const body = bodyAfter(tokens, ends, close);
  if (body === null) return null;
  return spanOf(tokens, before.text, before.line, ends.get(body) ?? body);
}

/** The name in front of a parameter list, type parameters skipped. */
function nameBefore(tokens: readonly Token[], at: number): Token | null {
  let step = at - 1;
  if (tokens[step]?.text === '>') {
    let depth = 0;
    do {
      if (tokens[step]?.text === '>') depth += 1;
      if (tokens[step]?.text === '<') depth -= 1;
      step -= 1;
    } while (depth > 0 && step > 0);
  }
  const token = tokens[step];
  return token?.kind === 'word' || token?.kind === 'string' || token?.text === ']' ? token : null;
}

/** The brace that opens the body behind a parameter list, or null where there is none (a call, an overload). */
function bodyAfter(tokens: readonly Token[], ends: ReadonlyMap<number, number>, close: number): number | null {
  let step = close + 1;
  if (tokens[step]?.text === '{') return step;
  if (tokens[step]?.text !== ':') return null;
  let angles = 0;
  for (step += 1; step < tokens.length; step += 1) {
    const token = tokens[step];
    if (token?.kind !== 'mark') continue;
    if (token.text === '<') angles += 1;
    if (token.text === '>') angles -= 1;
    if (token.text === '{' && !typeGoesOn.has(tokens[step - 1]?.text ?? '')) return step;
    if (token.text in closing) step = ends.get(step) ?? step;
    else if (angles <= 0 && [';', ',', '=', ')', ']', '}'].includes(token.text)) return null;
  }
  return null;
}

/** An arrow, from its parameters to the end of its body or expression. */
function arrowAt(tokens: readonly Token[], ends: ReadonlyMap<number, number>, at: number): FunctionSpan | null {
  const firstLine = tokens[arrowStart(tokens, ends, at)]?.line ?? 0;
  if (tokens[at + 1]?.text === '{') return spanOf(tokens, `arrow on line ${firstLine}`, firstLine, ends.get(at + 1) ?? at);
  let step = at + 1;
  while (step < tokens.length) {
    const token = tokens[step];
    if (token?.kind === 'mark') {
      if ([';', ',', ')', ']', '}'].includes(token.text) || endsType(tokens, step)) break;
      if (token.text in closing) step = ends.get(step) ?? step;
    }
    step += 1;
  }
  return spanOf(tokens, `arrow on line ${firstLine}`, firstLine, step - 1);
}

/** True at the brace of a body behind a return type that is itself a function type: `(): () => number {`. */
function endsType(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1];
  if (tokens[at]?.text !== '{' || before === undefined) return false;
  const isValue = before.kind === 'word' || ['>', ']', ')'].includes(before.text);
  return isValue && !['as', 'satisfies', 'class', 'extends', 'is', 'keyof', 'readonly'].includes(before.text);
}

/** Where an arrow's parameters begin; the place of the arrow itself where a return type hides them. */
function arrowStart(tokens: readonly Token[], ends: ReadonlyMap<number, number>, at: number): number {
  if (tokens[at - 1]?.text === ')') return ends.get(at - 1) ?? at;
  return tokens[at - 1]?.kind === 'word' ? at - 1 : at;
}

function spanOf(tokens: readonly Token[], name: string, firstLine: number, end: number): FunctionSpan {
  return { name, firstLine, lastLine: tokens[end]?.line ?? firstLine };
}
