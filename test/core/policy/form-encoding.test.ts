// How a Content-Type says the body is to be read.

import { describe, expect, test } from 'vitest';
import { formEncoding } from '../../../src/core/policy/form-encoding.ts';

describe('read', () => {
  test.each([
    [null, { kind: 'none' }],
    ['', { kind: 'none' }],
    ['a'.repeat(512), { kind: 'none' }],
    ['application/json', { kind: 'none' }],
    ['text/plain; charset=utf-16', { kind: 'none' }],
    ['application/x-www-form-urlencoded', { kind: 'urlencoded' }],
    [' application/x-www-form-urlencoded ; Charset="UTF-8" ;', { kind: 'urlencoded' }],
    ['application/x-www-form-urlencoded;charset=iso-8859-1', { kind: 'urlencoded' }],
    ['application/x-www-form-urlencoded;charset=us-ascii; x=y', { kind: 'urlencoded' }],
    ['multipart/form-data; boundary=----WebKitFormBoundaryAb1', { kind: 'multipart', boundary: '----WebKitFormBoundaryAb1' }],
    ['multipart/form-data; boundary="=_Part (x)"', 'unreadable'],
    ['multipart/form-data; charset=utf-8; boundary="=_Part_1:2/3?"', { kind: 'multipart', boundary: '=_Part_1:2/3?' }],
    [`multipart/form-data; boundary=${'b'.repeat(70)}`, { kind: 'multipart', boundary: 'b'.repeat(70) }],
  ])('%j', (contentType, expected) => {
    const encoding = formEncoding(contentType);
    expect(expected === 'unreadable' ? encoding.kind : encoding).toEqual(expected);
  });
});

describe('unreadable', () => {
  test.each([
    ['application/x-www-form-urlencoded; charset=utf-16', 'The form\'s character set "utf-16" is not accepted; send utf-8'],
    ['application/x-www-form-urlencoded; charset=shift_jis', 'character set "shift_jis"'],
    ['application/x-www-form-urlencoded, text/plain', 'cannot be read for certain'],
    ['application/x-www-form-urlencoded x', 'cannot be read for certain'],
    ['Application/X-WWW-Form-Urlencoded', 'cannot be read for certain'],
    ['application/x-www-form-urlencoded\t; charset=utf-8', 'cannot be read for certain'],
    ['Multipart/Form-Data; boundary=a', 'cannot be read for certain'],
    ['text/plain, multipart/form-data; boundary=a', 'cannot be read for certain'],
    ['\u00a0multipart/form-data; boundary=a', 'cannot be read for certain'],
    ['multipart/mixed; boundary=a', 'The form\'s type "multipart/mixed; boundary=a" cannot be read for certain'],
    ['multipart/form-data', 'cannot be read for certain'],
    ['multipart/form-data; boundary=', 'cannot be read for certain'],
    ['multipart/form-data; boundary=""', 'cannot be read for certain'],
    ['multipart/form-data; boundary=a; boundary=b', 'cannot be read for certain'],
    ['multipart/form-data; boundary="a,b"', 'cannot be read for certain'],
    ['multipart/form-data; boundary="a\\"b"', 'cannot be read for certain'],
    ['multipart/form-data; boundary="a\\"', 'cannot be read for certain'],
    ['multipart/form-data; xboundary=a; boundary=b', 'cannot be read for certain'],
    [`multipart/form-data; boundary=${'b'.repeat(71)}`, 'cannot be read for certain'],
    ['a'.repeat(513), 'cannot be read for certain'],
    ['application/x-www-form-urlencoded; charset', 'cannot be read for certain'],
    ['application/x-www-form-urlencoded; charset=utf-8; charset=utf-8', 'cannot be read for certain'],
  ])('%j', (contentType, detail) => {
    const encoding = formEncoding(contentType);
    expect(encoding.kind === 'unreadable' ? encoding.detail : encoding).toContain(detail);
  });
});
