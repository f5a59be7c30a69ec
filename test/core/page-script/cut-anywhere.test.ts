// Documents in every charset and shape, cut at every byte: where the script goes never depends on how the bytes came, and a
// document without its script is the document. The rest is drawn at random.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findScriptPlace, losesCharset } from '../../../src/core/page-script/find-script-place.ts';
import type { ScriptPlace } from '../../../src/core/page-script/find-script-place.ts';
import { fuzzTimeout, runs } from '../../support/fuzz.ts';

const latin1 = (bytes: Buffer | Uint8Array): string => Buffer.from(bytes).toString('latin1');
const doctypes = ['<!doctype html>', '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN">', ''];
/** The words of a page, as bytes of these charsets: whatever they are, no byte of them is markup before the first tag. */
const charsets: readonly (readonly [name: string, bytes: readonly number[]])[] = [
  ['windows-1252', [0xe9, 0x80, 0x9f]],
  ['iso-8859-5', [0xb0, 0xd1, 0xf1]],
  ['Shift_JIS, whose second byte may be a backslash', [0x83, 0x5c, 0x95, 0x5c]],
  ['GBK', [0xc4, 0xe3, 0xba, 0xc3]],
  ['GB18030 of four bytes', [0x81, 0x30, 0x81, 0x30]],
  ['EUC-KR', [0xb0, 0xa1, 0xc7, 0xd1]],
  ['Big5, whose second byte may be a letter', [0xa4, 0x40, 0xa4, 0x7e]],
  ['UTF-8', [0xe6, 0x9d, 0xb1, 0xf0, 0x9f, 0x98, 0x80]],
];

test.each(charsets)('%s', (_name, bytes) => {
  const words = latin1(Uint8Array.from(bytes));
  for (const doctype of doctypes)
    for (const mark of ['', '\u00ef\u00bb\u00bf'])
      for (const remark of ['', `<!-- ${words} -->\n`]) {
        const page = `${mark}${remark}${doctype}<html><title>${words}</title>`;
        const at = mark.length + remark.length + doctype.length;
        expect(findScriptPlace(page, true)).toEqual({ found: 'yes', at });
        for (let cut = 0; cut <= page.length; cut += 1) {
          const place = findScriptPlace(page.slice(0, cut), false);
          if (place.found !== 'not-yet') expect([cut, place]).toEqual([cut, { found: 'yes', at }]);
        }
      }
});

test.each<readonly [what: string, text: string, place: ScriptPlace]>([
  ['UTF-32 with its mark', '\u00ff\u00fe\0\0<\0\0\0', { found: 'no' }],
  ['UTF-7 is not known to browsers, and its page is none', '+ADw-html+AD4-', { found: 'no' }],
  ['ISO-2022-JP that is in Japanese from the first byte', '\u001b$B<!doctype html>', { found: 'no' }],
  ['XHTML that is sent as HTML', '<?xml version="1.0"?><!DOCTYPE html><html xmlns="x">', { found: 'yes', at: 36 }],
  ['a second doctype is text', '<!doctype html><!doctype html><p>', { found: 'yes', at: 15 }],
  ['a comment that ends with a bang', '<!-- a --!><html>', { found: 'no' }],
  ['a bogus comment', '<!x><html>', { found: 'no' }],
  ['a closing tag', '</html><html>', { found: 'no' }],
  ['a form feed', '\f<!doctype html>', { found: 'yes', at: 16 }],
  ['a vertical tab is text', '\v<!doctype html>', { found: 'no' }],
  ['a doctype of the quirks', '<!doctype html SYSTEM "about:legacy-compat">', { found: 'yes', at: 44 }],
  ['a doctype over lines', '<!DOCTYPE\r\n html>', { found: 'yes', at: 17 }],
  ['a frameset without anything', '<frameset>', { found: 'yes', at: 0 }],
])('%s', (_what, text, place) => {
  expect(findScriptPlace(text, true)).toEqual(place);
});

test('whatever the bytes, the beginning never says another place than the whole', { timeout: fuzzTimeout }, () => {
  const piece = fc.constantFrom('<!--', '-->', '<!doctype html>', '<!DOCTYPE', ' html', '>', '<html>', '<?xml', '<p ', ' ', '\n', 'x', '"', '<', '!', '-', '\u00ef\u00bb\u00bf', '\u00e9'); // prettier-ignore
  let found = 0;
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 14 }), fc.nat(), (pieces, at) => {
      const text = pieces.join('');
      const whole = findScriptPlace(text, true);
      const early = findScriptPlace(text.slice(0, at % (text.length + 1)), false);
      if (early.found !== 'not-yet') expect(early).toEqual(whole);
      if (whole.found === 'yes') found += 1;
    }),
    runs(4000),
  );
  expect(found).toBeGreaterThan(50);
});

test('the charset of a meta element is never pushed out of reach, wherever it stands', { timeout: fuzzTimeout }, () => {
  fc.assert(
    fc.property(fc.nat(1200), fc.integer({ min: 1, max: 200 }), (before, inserted) => {
      const head = `${' '.repeat(before)}<meta charset="koi8-r">`;
      const wasReached = head.length <= 1024;
      expect(losesCharset(head, inserted)).toBe(wasReached && head.length + inserted > 1024);
    }),
    runs(500),
  );
});
