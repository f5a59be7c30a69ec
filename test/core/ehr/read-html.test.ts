// What is read from login pages as EHRs write them, and as somebody who means harm would.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeEntities } from '../../../src/core/ehr/decode-entities.ts';
import { baseHref, fieldValue, formAction } from '../../../src/core/ehr/read-html.ts';
import { scanHtml } from '../../../src/core/ehr/scan-html.ts';
import { expectBounded, mixedText, runs } from '../../support/fuzz.ts';

describe('the value of a field', () => {
  test.each<[string, string | null]>([
    ['<input name="t" value="1">', '1'],
    ["<INPUT TYPE=hidden NAME='t' VALUE='1'/>", '1'],
    ['<input name=t value=1>', '1'],
    ['<input value=1 name=t>', '1'],
    ['<input\n\tname = "t"\f value\r=\n"1" >', '1'],
    ['<input name=t value=a/b/>', 'a/b/'],
    ['<input/name="t"/value=1>', '1'],
    ['<input/name=t/value=1>', null],
    ['<input name="t"value="1">', '1'],
    ['<input name=t>', ''],
    ['<input name=t value>', ''],
    ['<input name=t value=>', ''],
    ['<input =x name=t value=1>', '1'],
    ['<input name=t value=1 value=2 name=u>', '1'],
    ['<input name=t value="a&amp;b&quot;c&#39;d&#x3C;e&gt;f">', 'a&b"c\'d<e>f'],
    ['<input name="a&amp;b" value=2><input name=t value=1>', '1'],
    ['<input name=t value="a>b">', 'a>b'],
    ['<input name=t value=1><input name=t value=2>', '1'],
    ['<input name=T value=2><input name=t value=1>', '1'],
    ['<inputs name=t value=2><input name=t value=1>', '1'],
    ['</input name=t value=2><input name=t value=1>', '1'],
    ['<select name=t value=2></select>', null],
    ['<!-- <input name=t value=2> --><input name=t value=1>', '1'],
    ['<!--><input name=t value=1>', '1'],
    ['<!---><input name=t value=1>', '1'],
    ['<!doctype html><?xml x="<input"?><input name=t value=1>', '1'],
    ['</ ><input name=t value=1>', '1'],
    ['<script>"<input name=t value=2>"</script ><input name=t value=1>', '1'],
    ['<SCRIPT></SCRIPTS><input name=t value=2></Script><input name=t value=1>', '1'],
    ['<style><input name=t value=2></style\n><input name=t value=1>', '1'],
    ['<textarea><input name=t value=2></textarea><input name=t value=1>', '1'],
    ['<title><input name=t value=2></title><input name=t value=1>', '1'],
    ['1 < 2 <3 << <input name=t value=1>', '1'],
    ['text alone', null],
    ['', null],
    ['<', null],
    ['</', null],
    ['<input name=t value=1', null],
    ['<input name=t value="1>', null],
    ['<input', null],
    ['<!-- <input name=t value=1>', null],
    ['<! <input name=t value=1', null],
    ['<script><input name=t value=1>', null],
  ])('%j: %j', (html, value) => {
    expect(fieldValue(html, 't')).toBe(value);
  });
});

describe('the action of a form', () => {
  const page =
    '<form action="/search"></form><form method=post action="j_security_check;jsessionid=A1&amp;x=1"><form action=j_security_check>';

  test('is that of the first which holds the text', () => {
    expect(formAction(page, 'j_security_check')).toBe('j_security_check;jsessionid=A1&x=1');
    expect(formAction(page, '/search')).toBe('/search');
    expect(formAction(page, 'login')).toBeNull();
    expect(formAction('<form><form action>', 'x')).toBeNull();
  });

  test('stands on a base where the page names one', () => {
    expect(baseHref('<base target=_top><BASE HREF="/ctx/a.jsp"><base href=/b>')).toBe('/ctx/a.jsp');
    expect(baseHref(page)).toBeNull();
  });
});

test.each([
  ['&lt;&gt;&amp;&quot;&apos;&nbsp;&eacute;&Eacute;&yuml;&frac12;&hellip;&euro;', '<>&"\'\u00a0éÉÿ½…€'],
  ['&amp;lt;', '&lt;'],
  ['&#65;&#65&#x41;&#X41&#0000065;', 'AAAAA'],
  ['&#0;&#xd800;&#x110000;&#99999999999999999999;', '\ufffd\ufffd\ufffd\ufffd'],
  ['&#x1F600;', '😀'],
  ['&lt &unknown; &#; &#x; & &;', '&lt &unknown; &#; &#x; & &;'],
])('%j is decoded to %j', (text, decoded) => {
  expect(decodeEntities(text)).toBe(decoded);
});

const pieces = ['<', '>', '</', '/>', '<!--', '-->', '<!', '<?', '<input ', '<form ', ' name=t', ' value=', ' action=', '"', "'", '=', '&amp;', '&#', '&#x', ';', '<script>', '</script>', '<textarea', ' ', '\n', 'x']; // prettier-ignore

test('whatever a page holds, it is split into pieces that stand in it', () => {
  let tags = 0;
  fc.assert(
    fc.property(mixedText(pieces), (html) => {
      let length = 0;
      for (const token of scanHtml(html)) {
        length += token.kind === 'text' ? token.text.length : token.name.length + 2;
        if (token.kind === 'text') expect(html).toContain(token.text);
        else {
          tags += 1;
          expect(html.toLowerCase()).toContain(`<${token.closing ? '/' : ''}${token.name}`);
        }
      }
      expect(length).toBeLessThanOrEqual(html.length);
      expect([null, 'string']).toContain(fieldValue(html, 't') === null ? null : typeof fieldValue(html, 't'));
    }),
    runs(3000),
  );
  expect(tags).toBeGreaterThan(500);
});

test('a field is found wherever it stands behind whole markup, with whatever value', () => {
  const before = fc.array(fc.constantFrom('<p>', '</p>', '<!-- <input name=t> -->', 'a < b', '<br/>', '<script>"<"</script>', '<a href="?a=>">', '<input name=u>')); // prettier-ignore
  fc.assert(
    fc.property(before, fc.string({ unit: 'binary' }), (list, value) => {
      const written = value.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
      expect(fieldValue(`${list.join('')}<input type="hidden" name="t" value="${written}">`, 't')).toBe(value);
    }),
    runs(1000),
  );
});

test('no page takes long', () => {
  const worst = ['<form', '<input', '<form ', '<input name=t ', '<', '</', '<!', '<!--', '<!-', '<script>', '</script', '<script></script>', '<a b="', "<a b='", '<a b=', '<a =', '= ', '&', '&#', '&#1', '&#x', '&a', '<textarea>', '<a ', ' ', '<a>', '<a/']; // prettier-ignore
  expectBounded(worst, (html) => [fieldValue(html, 't'), formAction(html, 'x'), baseHref(html)]);
  expectBounded(worst, (html) => fieldValue(`<input value="${html}`, 't'));
  expectBounded(worst, (html) => decodeEntities(html));
});
