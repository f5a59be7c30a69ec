// Reads the little of Markdown that a policy needs: headings, lists and paragraphs. Everything else stays as it was written, so
// that nothing in a text can become markup.

export type TextBlock =
  | { readonly kind: 'heading' | 'paragraph'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] };

/** Blocks are parted by empty lines; a heading begins with `#`, a point with `-` or `*`. */
export function textBlocks(text: string): readonly TextBlock[] {
  const blocks: TextBlock[] = [];
  for (const part of text.replaceAll('\r\n', '\n').split(/\n[ \t]*\n/)) {
    let lines: string[] = [];
    let items: string[] = [];
    const flush = (): void => {
      if (lines.length > 0) blocks.push({ kind: 'paragraph', text: lines.join(' ') });
      if (items.length > 0) blocks.push({ kind: 'list', items });
      [lines, items] = [[], []];
    };
    for (const line of part.split('\n').map((one) => one.trim())) {
      if (line === '') continue;
      const heading = /^#{1,6} +(.+)$/.exec(line)?.[1];
      const item = /^[-*] +(.+)$/.exec(line)?.[1];
      if (heading !== undefined) {
        flush();
        blocks.push({ kind: 'heading', text: heading });
      } else if (item !== undefined) {
        if (lines.length > 0) flush();
        items.push(item);
      } else if (items.length > 0) items = [...items.slice(0, -1), `${items.at(-1)} ${line}`];
      else lines.push(line);
    }
    flush();
  }
  return blocks;
}
