// Reads a small XML document without namespaces, comments or processing instructions into a tree, and takes nothing that is not
// well formed. For tests of what we write.

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

const characters: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const name = '[A-Za-z][A-Za-z0-9]*';
const opening = new RegExp(`<(${name})((?: [A-Za-z-]+="[^"<]*")*)(/?)>`, 'y');
const closing = new RegExp(`</(${name})>`, 'y');

/** Throws, with the place, where it is not well formed. */
export function readXml(document: string): XmlElement {
  const head = '<?xml version="1.0" encoding="UTF-8"?>';
  if (!document.startsWith(head)) throw new Error('No declaration');
  const [root, end] = elementAt(document, head.length);
  if (end !== document.length) throw new Error(`Something behind the end at ${end}`);
  return root;
}

function elementAt(document: string, start: number): [XmlElement, number] {
  opening.lastIndex = start;
  const match = opening.exec(document);
  if (match === null) throw new Error(`No element at ${start}: ${document.slice(start, start + 80)}`);
  const [all, tag = '', written = '', isEmpty] = match;
  const attributes: Record<string, string> = {};
  for (const [, key = '', value = ''] of written.matchAll(/ ([A-Za-z-]+)="([^"]*)"/g)) {
    if (key in attributes) throw new Error(`"${key}" stands twice at ${start}`);
    attributes[key] = plain(value);
  }
  const at = start + all.length;
  return isEmpty === '/' ? [{ name: tag, attributes, children: [], text: '' }, at] : contentAt(document, at, tag, attributes);
}

function contentAt(document: string, start: number, tag: string, attributes: Record<string, string>): [XmlElement, number] {
  const children: XmlElement[] = [];
  let text = '';
  let at = start;
  for (;;) {
    const next = document.indexOf('<', at);
    if (next < 0) throw new Error(`"${tag}" does not end`);
    text += plain(document.slice(at, next));
    closing.lastIndex = next;
    const end = closing.exec(document);
    if (end !== null) {
      if (end[1] !== tag) throw new Error(`"${tag}" ends as "${end[1]}"`);
      return [{ name: tag, attributes, children, text }, next + end[0].length];
    }
    const [child, behind] = elementAt(document, next);
    children.push(child);
    at = behind;
  }
}

function plain(text: string): string {
  // oxlint-disable-next-line no-control-regex -- what XML 1.0 cannot hold
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text) || !text.isWellFormed())
    throw new Error('No XML character');
  return text.replaceAll(/&([^;]*);?/g, (all, entity: string) => {
    const character = characters[entity];
    if (character === undefined || !all.endsWith(';')) throw new Error(`No entity "${all.slice(0, 20)}"`);
    return character;
  });
}
