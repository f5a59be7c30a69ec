// What a person would read on a page of the EHR, as plain text that cannot disguise itself: for people who must be told what
// the EHR answered, and for the record of it. Never passes markup on.

import { cutAtWord } from './cut-at-word.ts';
import { decodeEntities } from './decode-entities.ts';
import { scanHtml } from './scan-html.ts';

/** Elements that stand within a word; every other one ends it. */
const withinWords = new Set('a abbr acronym b bdi bdo big cite code em font i mark nobr s small span strike strong sub sup tt u wbr'.split(' ')); // prettier-ignore

/** Elements that nobody sees whose browser runs scripts. */
const unseen = new Set(['noscript', 'template']);

/** At most `most` characters, cut at a word with "…". Other text than HTML is read as if it were a page without tags. */
export function pageText(html: string, most: number): string {
  return cutAtWord(plainText(readable(html)), most);
}

function readable(html: string): string {
  const parts: string[] = [];
  let inside: string | null = null;
  for (const token of scanHtml(html)) {
    if (inside !== null) {
      if (token.kind === 'tag' && token.closing && token.name === inside) inside = null;
    } else if (token.kind === 'text') {
      parts.push(token.text);
    } else if (!token.closing && unseen.has(token.name)) {
      inside = token.name;
    } else if (!withinWords.has(token.name)) {
      parts.push(' ');
    }
  }
  return decodeEntities(parts.join(''));
}

/** Without what is invisible or turns the direction of the text, and with single spaces. */
function plainText(text: string): string {
  const visible = text.replaceAll(/\s+/g, ' ').replaceAll(/[\p{C}\p{Default_Ignorable_Code_Point}]/gu, '');
  return visible.replaceAll(/ +/g, ' ').trim();
}
