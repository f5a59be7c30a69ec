// What a person is told of a page of the EHR.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutAtWord } from '../../../src/core/ehr/cut-at-word.ts';
import { pageText } from '../../../src/core/ehr/page-text.ts';
import { expectBounded, mixedText, runs } from '../../support/fuzz.ts';

describe('of a page', () => {
  test.each([
    [
      '<html><head><title>EHR</title><style>p{}</style><script>a()</script></head><body><h1>Choose</h1><p>a facility',
      'Choose a facility',
    ],
    ['<p>Your pass<b>word</b> has <i>ex</i>pired</p>', 'Your password has expired'],
    ['<td>One</td><td>Two</td><br>Three', 'One Two Three'],
    ['a&nbsp;&nbsp;b &amp;lt;i&amp;gt; &lt;b&gt; &eacute;', 'a b &lt;i&gt; <b> é'],
    ['  a\n\n\t b\u2028c ', 'a b c'],
    ['a<!-- hidden -->b<textarea>x</textarea> c', 'ab c'],
    ['<noscript><p>no <b>scripts</b></p></noscript>Seen<template><p>x</template>', 'Seen'],
    ['<noscript>never closed', ''],
    ['pay\u202egnp.exe \u200b\u2066x\u2069 \ufeffy\u00adz\u0000\u0007\u{e0041}\u034f \u200b w', 'paygnp.exe x yz w'],
    ['&#8238;&#x200b;&#0;a', '\ufffda'],
    ['\ud800a', 'a'],
    ['{"error":"locked"}', '{"error":"locked"}'],
    ['1 < 2', '1 < 2'],
    ['', ''],
  ])('%j: %j', (html, text) => {
    expect(pageText(html, 600)).toBe(text);
  });
});

describe('a text is cut', () => {
  test.each([
    ['one two three', 13, 'one two three'],
    ['one two three', 12, 'one two…'],
    ['one two three', 8, 'one two…'],
    ['one two three', 7, 'one…'],
    ['one two three', 3, 'on…'],
    ['one', 1, '…'],
    ['one', 0, ''],
    ['one', -1, ''],
    ['a😀b', 3, 'a…'],
  ])('%j to %d: %j', (text, most, cut) => {
    expect(cutAtWord(text, most)).toBe(cut);
  });
});

test('whatever a page holds, the text is short, plain and one line', () => {
  const pieces = ['<p>', '</p>', '<b>', '<', '>', '<script>', '</script>', '<noscript>', '&lt;', '&#x202e;', '&#10;', '\u202e', '\u200b', '\n', ' ', 'word', '😀', '\ud83d']; // prettier-ignore
  let cut = 0;
  fc.assert(
    fc.property(mixedText(pieces), fc.integer({ min: 0, max: 40 }), (html, most) => {
      const text = pageText(html, most);
      if (text.endsWith('…')) cut += 1;
      expect(text.length).toBeLessThanOrEqual(most);
      expect(text).not.toMatch(/[\p{C}\p{Default_Ignorable_Code_Point}]| {2}|^ | $/u);
      expect(text).not.toMatch(/[^\S ]/);
    }),
    runs(3000),
  );
  expect(cut).toBeGreaterThan(100);
});

test('no page takes long', () => {
  expectBounded(
    ['<form', '<input', '<p>', '<b>', ' ', '\n ', 'a ', '&', '&#', '<noscript>', '</noscript>', '\u200b', ' \u200b', 'a'],
    (html) => pageText(html, 600),
  );
});
