// Where a script goes into a document, and what is no document. Each beginning is also tried cut at every byte.

import { describe, expect, test } from 'vitest';
import { findScriptPlace, losesCharset } from '../../../src/core/page-script/find-script-place.ts';

const strict = '<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01 Frameset//EN" "http://www.w3.org/TR/html4/frameset.dtd">';

/** `|` marks the place. */
const documents: readonly (readonly [what: string, marked: string])[] = [
  ['a doctype', '<!doctype html>|<html><head>'],
  ['a long one in capitals', `${strict}|\n<html><frameset rows="56,*">`],
  ['one that is the whole document', '<!DOCTYPE HTML>|'],
  ['a > within its quotes, which ends it', '<!DOCTYPE html PUBLIC "a>|b"><html>'],
  ['a mark for UTF-8 before it', '\u00ef\u00bb\u00bf<!doctype html>|<html>'],
  ['space and comments before it', '\r\n\t\f <!-- a > b --> <!--> <!--->\n<!doctype html>|<html>'],
  ['an XML declaration before it', '<?xml version="1.0" encoding="ISO-8859-1"?>\n<!DOCTYPE html PUBLIC "x">|<html>'],
  ['no doctype', '|<html><head><title>A</title>'],
  ['no doctype, after a comment of the template', '<!-- header.tpl -->\n|<HTML lang="en"><HEAD></HEAD></HTML>'],
  ['no doctype, a mark for UTF-8', '\u00ef\u00bb\u00bf|<html><body></body></html>'],
  ['a frameset at once', '|<frameset cols="*"><frame src="a"></frameset>'],
  ['a head at once', '|<head><title>A</title></head>'],
  ['a script that tells its parent', '|<script>parent.done()</script>'],
  ['a stylesheet first', "|<link rel='stylesheet' href='a.css'>"],
  ['a tag with a slash', '|<br/>The report is empty.'],
];

describe('a document with', () => {
  test.each(documents)('%s', (_what, marked) => {
    const text = marked.replace('|', '');
    expect(findScriptPlace(text, true)).toEqual({ found: 'yes', at: marked.indexOf('|') });
  });

  test.each(documents)('%s is never judged wrongly by its first bytes', (_what, marked) => {
    const text = marked.replace('|', '');
    for (let bytes = 0; bytes <= text.length; bytes += 1) {
      const place = findScriptPlace(text.slice(0, bytes), false);
      if (place.found !== 'not-yet') expect(place, `after ${bytes} bytes`).toEqual({ found: 'yes', at: marked.indexOf('|') });
    }
  });
});

test.each([
  ['nothing', ''],
  ['space', ' \n '],
  ['JSON', '{"timeoutMessage":"timeout"}'],
  ['a list of JSON', '[1,2,3,4,5,6,7,8]'],
  ['text', 'The patient <b>is well</b>'],
  ['a cell of a table', '<td>12</td><td>80</td>'],
  ['a text area for a hidden frame', '<textarea>{"ok":true}</textarea>'],
  ['a name that only begins like a tag', '<bodywork>'],
  ['a tag that never ends', '<html'],
  ['SVG', '<svg xmlns="http://www.w3.org/2000/svg"></svg>'],
  ['XML', '<?xml version="1.0"?>\n<Bundle xmlns="http://hl7.org/fhir"/>'],
  ['the doctype of something else', '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN"><svg/>'],
  ['a doctype without a name', '<!doctype>'],
  ['a doctype that never ends', '<!doctype html'],
  ['a comment that never ends', '<!-- <html>'],
  ['a declaration that never ends', '<?xml version="1.0"'],
  ['a PDF', '%PDF-1.4\n'],
  ['UTF-16, little-endian, with its mark', '\u00ff\u00fe<\0h\0t\0m\0l\0>\0'],
  ['UTF-16, big-endian, with its mark', '\u00fe\u00ff\0<\0h\0t\0m\0l\0>'],
  ['UTF-16 without a mark', '<\0h\0t\0m\0l\0>\0'],
])('%s is no document', (_what, text) => {
  expect(findScriptPlace(text, true)).toEqual({ found: 'no' });
});

test.each([
  ['a comment', '<!-- '],
  ['a doctype', '<!doctype html'],
  ['a declaration', '<?xml'],
  ['a tag', '<ht'],
  ['space', '\n\n'],
])('%s that is still on its way does not tell yet', (_what, text) => {
  expect(findScriptPlace(text, false)).toEqual({ found: 'not-yet' });
});

test.each([
  ['none is named', '<html><head>', 100, false],
  ['it stays within reach', '<meta charset="windows-1251">', 100, false],
  ['it would be pushed out of reach', `${' '.repeat(980)}<meta charset="koi8-r">`, 100, true],
  ['it just stays within reach', `${' '.repeat(900)}<meta charset="koi8-r">`, 101, false],
  [
    'it was out of reach before',
    `${' '.repeat(1020)}<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">`,
    100,
    false,
  ],
])('the charset that a meta element names: %s', (_what, head, inserted, expected) => {
  expect(losesCharset(head, inserted)).toBe(expected);
});
