// Splits HTML into tags and the text between them, each character looked at once, so that no page can make it slow. Skips
// comments and what is no markup: scripts, styles and texts to be edited. Builds no tree and never throws.

import { decodeEntities } from './decode-entities.ts';

/** `text` is not decoded; attribute values are, and the first of a name counts. Names are in lower case. */
export type HtmlToken =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'tag';
      readonly name: string;
      readonly closing: boolean;
      readonly attributes: ReadonlyMap<string, string>;
    };

type Tag = Extract<HtmlToken, { kind: 'tag' }>;

/** Elements whose content is text up to their own end tag (HTML, "raw text" and its kin), with what ends them. */
const rawEnds: ReadonlyMap<string, RegExp> = new Map(
  ['script', 'style', 'textarea', 'title', 'xmp', 'iframe', 'noembed', 'noframes'].map((name) => [
    name,
    new RegExp(`</${name}(?=[\\t\\n\\f\\r />])`, 'gi'),
  ]),
);

const blanks = /[\t\n\f\r ]*/y;
const blanksAndSlashes = /[\t\n\f\r /]*/y;
const tagName = /[^\t\n\f\r />]*/y;
const attributeName = /=?[^\t\n\f\r />=]*/y;
const bareValue = /[^\t\n\f\r >]*/y;

/** In order; what an unfinished tag, comment or script swallows is left out, as browsers do. */
export function* scanHtml(html: string): Generator<HtmlToken, void, undefined> {
  let at = 0;
  while (at !== -1 && at < html.length) {
    const open = html.indexOf('<', at);
    if (open !== at) yield { kind: 'text', text: html.slice(at, open === -1 ? undefined : open) };
    if (open === -1) return;
    if (/[a-z]/i.test(html.charAt(html.charAt(open + 1) === '/' ? open + 2 : open + 1))) {
      const found = readTag(html, open);
      if (found === null) return;
      yield found.tag;
      at = found.tag.closing ? found.end : endOfRaw(html, found.tag.name, found.end);
    } else if (/[!?/]/.test(html.charAt(open + 1))) {
      at = endOfComment(html, open);
    } else {
      yield { kind: 'text', text: '<' };
      at = open + 1;
    }
  }
}

/** A position behind it, or -1 where it never ends. `<!-->` is a whole comment. */
function endOfComment(html: string, open: number): number {
  const mark = html.startsWith('<!--', open) ? '-->' : '>';
  const end = html.indexOf(mark, open + 2);
  return end === -1 ? -1 : end + mark.length;
}

function endOfRaw(html: string, name: string, from: number): number {
  const end = rawEnds.get(name);
  if (end === undefined) return from;
  end.lastIndex = from;
  return end.exec(html)?.index ?? -1;
}

function readTag(html: string, open: number): { readonly tag: Tag; readonly end: number } | null {
  const closing = html.charAt(open + 1) === '/';
  const nameEnd = after(tagName, html, open + (closing ? 2 : 1));
  const name = html.slice(open + (closing ? 2 : 1), nameEnd).toLowerCase();
  const attributes = new Map<string, string>();
  let at = after(blanksAndSlashes, html, nameEnd);
  while (html.charAt(at) !== '>') {
    if (at >= html.length) return null;
    const attribute = readAttribute(html, at);
    if (attribute === null) return null;
    if (!attributes.has(attribute.name)) attributes.set(attribute.name, attribute.value);
    at = after(blanksAndSlashes, html, attribute.end);
  }
  return { tag: { kind: 'tag', name, closing, attributes }, end: at + 1 };
}

/** Null where a quote is never closed. */
function readAttribute(
  html: string,
  from: number,
): { readonly name: string; readonly value: string; readonly end: number } | null {
  const nameEnd = after(attributeName, html, from);
  const name = html.slice(from, nameEnd).toLowerCase();
  const equals = after(blanks, html, nameEnd);
  if (html.charAt(equals) !== '=') return { name, value: '', end: nameEnd };
  const start = after(blanks, html, equals + 1);
  const quote = html.charAt(start);
  if (quote !== '"' && quote !== "'") {
    const end = after(bareValue, html, start);
    return { name, value: decodeEntities(html.slice(start, end)), end };
  }
  const end = html.indexOf(quote, start + 1);
  return end === -1 ? null : { name, value: decodeEntities(html.slice(start + 1, end)), end: end + 1 };
}

/** Where the run of the sticky pattern ends that begins here; it may be empty. */
function after(run: RegExp, html: string, from: number): number {
  run.lastIndex = from;
  run.test(html);
  return run.lastIndex;
}
