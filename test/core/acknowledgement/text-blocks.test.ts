// The little of Markdown that a policy needs.

import { expect, test } from 'vitest';
import { textBlocks } from '../../../src/core/acknowledgement/text-blocks.ts';

test('headings, paragraphs and lists, and everything else as it was written', () => {
  const text =
    '# Sanctions\r\nWhoever looks\nwithout need\n\n- is asked,\n  and answers\n* is warned\n# Next\nthen a list\n- <b>one</b>\n\n \n**bold** [a](b)\n';
  expect(textBlocks(text)).toEqual([
    { kind: 'heading', text: 'Sanctions' },
    { kind: 'paragraph', text: 'Whoever looks without need' },
    { kind: 'list', items: ['is asked, and answers', 'is warned'] },
    { kind: 'heading', text: 'Next' },
    { kind: 'paragraph', text: 'then a list' },
    { kind: 'list', items: ['<b>one</b>'] },
    { kind: 'paragraph', text: '**bold** [a](b)' },
  ]);
});

test('nothing is nothing, and marks without words are words', () => {
  expect([textBlocks(' \n\n'), textBlocks('#\n-')]).toEqual([[], [{ kind: 'paragraph', text: '# -' }]]);
});
