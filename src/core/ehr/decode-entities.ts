// Decodes the character references of HTML that login pages use: numbers, the five of XML, and the names of Latin-1 and
// common punctuation. Others stay as they are written; nothing is decoded twice.

/** HTML 4's names of U+00A0 to U+00FF, in their order. */
const latin = `nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro
para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute
Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute
THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde
ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml`;

const names: ReadonlyMap<string, string> = new Map([
  ...latin.split(/\s/).map((name, at): [string, string] => [name, String.fromCharCode(0xa0 + at)]),
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
  ['ndash', '–'],
  ['mdash', '—'],
  ['lsquo', '‘'],
  ['rsquo', '’'],
  ['ldquo', '“'],
  ['rdquo', '”'],
  ['bull', '•'],
  ['hellip', '…'],
  ['euro', '€'],
]);

const replacement = '\ufffd';

/** The text with its references decoded. */
export function decodeEntities(text: string): string {
  return text.replaceAll(
    /&(?:#(\d+);?|#x([\da-f]+);?|([a-z]{2,8}\d{0,2});)/gi,
    (whole, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return names.get(name) ?? whole;
      return fromCode(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16));
    },
  );
}

/** What is no character becomes U+FFFD (HTML, "numeric character reference end state"). */
function fromCode(code: number): string {
  const isCharacter = code > 0 && code <= 0x10_ff_ff && (code < 0xd800 || code > 0xdfff);
  return isCharacter ? String.fromCodePoint(code) : replacement;
}
