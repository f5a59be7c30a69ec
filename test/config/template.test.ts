import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTemplate, valuesOf } from '../../src/config/template.ts';

describe('a text with places for values', () => {
  it.each([
    ['', []],
    ['/login.jsp', ['/login.jsp']],
    ['{token}', [{ value: 'token' }]],
    ['/a?site={site}&x={a}{b}', ['/a?site=', { value: 'site' }, '&x=', { value: 'a' }, { value: 'b' }]],
    ['{{', ['{']],
    ['{{{a}}', ['{', { value: 'a' }, '}']],
    ['{{"name":"{username}"}', ['{"name":"', { value: 'username' }, '"}']],
    ['"{username}"', ['"', { value: 'username' }, '"']],
    ['a } b }} c', ['a } b }} c']],
    ['{{{{name}', ['{{name}']],
  ])('%j', (text, parts) => expect(parseTemplate(text)).toEqual({ value: parts }));

  it.each([
    ['{', 'opens "{" without closing it; write {name} for a value, or {{ for a brace'],
    ['a {b', 'opens "{" without closing it'],
    ['{a{b}', 'opens "{" without closing it'],
    ['{}', 'has {}, and names of values have letters, digits and "_" only; write {{ for a brace'],
    ['{ a }', 'has { a }'],
    ['{1}', 'has {1}'],
    ['{a.b}', 'has {a.b}'],
    ['x'.repeat(501), 'is longer than 500 characters'],
  ])('%j is refused', (text, problem) => {
    expect(parseTemplate(text)).toEqual({ problem: expect.stringContaining(problem) });
  });

  it('names its values in order', () => {
    expect(valuesOf(['/', { value: 'b' }, '?', { value: 'a' }, { value: 'b' }])).toEqual(['b', 'a', 'b']);
  });

  it('gives back every text whose braces are doubled, in one part', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        expect(parseTemplate(text.replaceAll('{', '{{'))).toEqual({ value: text === '' ? [] : [text] });
      }),
    );
  });
});
