// The table of what is one address and what is none, and the properties that hold for every string whatever.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { requestLine } from '../../../src/core/target/canonical-target.ts';
import type { TargetProfile } from '../../../src/core/target/canonical-target.ts';
import { canonicalize } from '../../../src/core/target/canonicalize.ts';
import { foldAscii } from '../../../src/core/target/fold-ascii.ts';
import { quote } from '../../../src/core/target/quote.ts';

const profiles = ['generic', 'java', 'php', 'windows'] as const;

function spell(raw: string, profile: TargetProfile = 'generic', maxBytes = 8192): string {
  const target = canonicalize(raw, profile, maxBytes);
  return 'reason' in target ? `${target.reason}: ${target.detail}` : requestLine(target);
}

describe('accepted, with the canonical spelling', () => {
  test.each([
    ['/', '/', ['']],
    ['/a', '/a', ['a']],
    ['/a/', '/a/', ['a', '']],
    ['/interface/x.php?set_pid=5', '/interface/x.php?set_pid=5', ['interface', 'x.php']],
    ['/%61dmin', '/admin', ['admin']],
    ['/%7Euser/%2d', '/~user/-', ['~user', '-']],
    ["/!$&'()*+,=", "/!$&'()*+,=", ["!$&'()*+,="]],
    ['/%21%24%26%27%28%29%2a%2b%2c%3d', "/!$&'()*+,=", ["!$&'()*+,="]],
    ['/a:b@c', '/a%3Ab%40c', ['a:b@c']],
    ['/a%3ab%40c', '/a%3Ab%40c', ['a:b@c']],
    ['/files/a%20b.pdf', '/files/a%20b.pdf', ['files', 'a b.pdf']],
    ['/%22%3c%3e%5b%5d%5e%60%7b%7c%7d', '/%22%3C%3E%5B%5D%5E%60%7B%7C%7D', ['"<>[]^`{|}']],
    ['/patients/Jos%c3%a9', '/patients/Jos%C3%A9', ['patients', 'José']],
    ['/e%cc%81', '/e%CC%81', ['e\u0301']],
    ['/%f0%9f%99%82', '/%F0%9F%99%82', ['🙂']],
    ['/.well-known/..x', '/.well-known/..x', ['.well-known', '..x']],
    ['/a?', '/a?', ['a']],
    ['/a?x=%2F..%2F&&%zz\\"<>?;=1', '/a?x=%2F..%2F&&%zz\\"<>?;=1', ['a']],
    // Canonically a K in both normal forms, so it passes as itself; only ASCII is ever folded, so no rule for "k" meets it.
    ['/%e2%84%aa', '/%E2%84%AA', ['\u212a']],
    ['/a:b?q=1', '/a%3Ab?q=1', ['a:b']],
  ])('%j', (raw, line, segments) => {
    const target = canonicalize(raw, 'generic', 8192);
    expect('reason' in target ? target : { line: requestLine(target), segments: target.segments }).toEqual({ line, segments });
  });

  test('a query is null, empty or text', () => {
    const queries = ['/a', '/a?', '/a?b?c'].map((raw) => {
      const target = canonicalize(raw, 'generic', 100);
      return 'reason' in target ? target : target.query;
    });
    expect(queries).toEqual([null, '', 'b?c']);
  });
});

describe('refused, with the reason in words', () => {
  test.each([
    ['', 'does not begin with a slash'],
    ['*', 'does not begin with a slash'],
    ['a/b', 'does not begin with a slash'],
    ['http://evil.test/admin', 'does not begin with a slash'],
    ['\\/evil', 'does not begin with a slash'],
    ['//evil.test/x', '"" of the address is an empty segment'],
    ['/\\evil.test', 'holds "\\\\" at character 2'],
    ['/a//b', 'is an empty segment; write one slash, not two'],
    ['/a/b//', 'is an empty segment'],
    ['/a b', 'holds the byte 0x20 at character 3'],
    ['/a\tb', 'holds the byte 0x09'],
    ['/a\u0000', 'holds the byte 0x00'],
    ['/adm\u00c4\u00b1n', 'holds the byte 0xc4'],
    ['/a\u2028', 'holds the byte 0x2028'],
    ['/a\u007f', 'holds the byte 0x7f'],
    ['/a#b', 'holds "#"'],
    ['/a?b#c', 'The query holds "#" at character 5'],
    ['/a?b c', 'The query holds the byte 0x20'],
    ['/a?\u00e9', 'The query holds the byte 0xe9'],
    ['/a;x=y', 'holds ";"'],
    ['/a"', 'holds "\\""'],
    ['/a<', 'holds "<"'],
    ['/a>', 'holds ">"'],
    ['/a^', 'holds "^"'],
    ['/a{', 'holds "{"'],
    ['/a|', 'holds "|"'],
    ['/a}', 'holds "}"'],
    ['/a[', 'holds "["'],
    ['/a]', 'holds "]"'],
    ['/a`', 'holds "`"'],
    ['/%', '"%" in the address is not a percent sign with two hex digits'],
    ['/a%2', '"%2" in the address is not'],
    ['/%zz', '"%zz" in the address is not'],
    ['/%u002e', '"%u0" in the address is not'],
    ['/%%32', '"%%3" in the address is not'],
    ['/%0g', '"%0g" in the address is not'],
    ['/a%00', '"%00" in the address hides'],
    ['/a%1f', '"%1f" in the address hides'],
    ['/a%7F', '"%7F" in the address hides'],
    ['/a%2fb', '"%2f" in the address hides'],
    ['/a%5Cb', '"%5C" in the address hides'],
    ['/%252e', '"%25" in the address hides'],
    ['/a%3fb', '"%3f" in the address hides'],
    ['/a%23b', '"%23" in the address hides'],
    ['/a%3Bb', '"%3B" in the address hides'],
    ['/%c0%af', 'not valid UTF-8'],
    ['/%ff', 'not valid UTF-8'],
    ['/%ed%a0%80', 'not valid UTF-8'],
    ['/%c2%85', 'invisible or unassigned'],
    ['/%e2%80%8b', 'invisible or unassigned'],
    ['/%ef%bb%bf', 'invisible or unassigned'],
    ['/%ee%80%80', 'invisible or unassigned'],
    ['/%ef%bf%bf', 'invisible or unassigned'],
    ['/%ef%bc%8f', 'look-alike'],
    ['/%ef%bd%81dmin', 'look-alike'],
    ['/a%cd%bex=y', 'look-alike'],
    ['/%e1%bf%af', 'look-alike'],
    ['/public%e2%88%95..%e2%88%95admin', 'look-alike'],
    ['/public%e2%81%84admin', 'look-alike'],
    ['/public%c2%a5admin', 'look-alike'],
    ['/x%e2%88%b6y', 'look-alike'],
    ['/a/./b', '"." of the address is a dot segment'],
    ['/a/..', '".." of the address is a dot segment'],
    ['/%2e%2e/admin', '".." of the address is a dot segment'],
    ['/a%2e', '"a." of the address ends with a space or a dot'],
    ['/a./b', 'ends with a space or a dot'],
    ['/...', 'ends with a space or a dot'],
    ['/a%20/b', 'ends with a space or a dot'],
    ['/%20a', 'begins with a space'],
    ['/%20', 'begins with a space'],
    ['/x.php::$DATA', 'names an NTFS stream'],
    ['/x::stream', 'names an NTFS stream'],
    ['/x:$i30', 'names an NTFS stream'],
    [`/${'a'.repeat(60)}.`, `${'a'.repeat(60)}." of the address ends`],
    [`/${'a'.repeat(80)}.`, `${'a'.repeat(64)}..." of the address ends`],
  ])('%j', (raw, detail) => {
    expect(spell(raw)).toContain(detail);
    expect(spell(raw)).toMatch(/^target-malformed: /);
  });
});

describe('profiles', () => {
  test.each([
    ['windows', '/c:/x', 'colon'],
    ['windows', '/ADMIN~1/x', '8.3 name'],
    ['windows', '/con', 'device name'],
    ['windows', '/a/NUL.txt', 'device name'],
    ['windows', '/com1%20.log', 'device name'],
    ['windows', '/lpt9', 'device name'],
    ['windows', '/conin$', 'device name'],
    ['php', '/x.php/y.css', '"x.php" of the address is a script'],
    ['php', '/x.PHP/', '"x.PHP" of the address is a script'],
    ['php', '/x%2ephp/y', '"x.php" of the address is a script'],
    ['php', '/x.php7/y', 'is a script'],
    ['php', '/x.phtml/y', 'is a script'],
    ['php', '/x.phar/y', 'is a script'],
    ['java', '/a;jsessionid=1', 'holds ";"'],
    ['java', '/..;/admin', 'holds ";"'],
  ] as const)('%s refuses %j', (profile, raw, detail) => {
    expect(spell(raw, profile)).toContain(detail);
  });

  test.each([
    ['windows', '/console/~a/com10/nulls', '/console/~a/com10/nulls'],
    [
      'windows',
      '/a:',
      'target-malformed: The part "a:" of the address holds a colon, which names a drive or a stream on Windows',
    ],
    ['generic', '/ADMIN~1/con', '/ADMIN~1/con'],
    ['generic', '/x.php/y.css', '/x.php/y.css'],
    ['php', '/a/x.php', '/a/x.php'],
    ['php', '/x.phpx/y', '/x.phpx/y'],
    ['java', '/x.php/y', '/x.php/y'],
  ] as const)('%s: %j', (profile, raw, line) => {
    expect(spell(raw, profile)).toBe(line);
  });
});

describe('length', () => {
  test.each([
    ['/abc', 5, '/abc'],
    ['/abcd', 5, '/abcd'],
    ['/abcde', 5, 'target-too-long: The address has 6 bytes, and 5 are accepted'],
    ['/a?bcd', 5, 'target-too-long: The address has 6 bytes, and 5 are accepted'],
    ['/:', 4, '/%3A'],
    ['/:', 3, 'target-too-long: The address has 4 bytes, and 3 are accepted'],
    ['/:?', 5, '/%3A?'],
    ['/:?', 4, 'target-too-long: The address has 5 bytes, and 4 are accepted'],
  ])('%j within %i', (raw, maxBytes, line) => {
    expect(spell(raw, 'generic', maxBytes)).toBe(line);
  });
});

// What servers trip over, and what they do not.
const oddities =
  '/ . .. %2e %2f %5c \\ ; ? # % %25 %c3%a9 %c0 : @ ~1 con .php %20 a Z %61 %41 = & %00 %ef%bc%8f %e2%80%8b ::$DATA %3A + {';
const piece = fc.constantFrom(...oddities.split(' '), ' ', '\u00e9', '\u0000', '\ud800');
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
  fc.array(piece, { maxLength: 12 }).map((pieces) => `/${pieces.join('')}`),
);

describe('for every string', () => {
  test.each(profiles)('%s: never throws, and what it accepts it accepts unchanged', (profile) => {
    const outcomes = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(hostile, fc.constantFrom(8, 20, 8192), (raw, maxBytes) => {
        const once = canonicalize(raw, profile, maxBytes);
        if ('reason' in once) {
          outcomes.refused += 1;
          return;
        }
        outcomes.accepted += 1;
        expect(canonicalize(requestLine(once), profile, maxBytes)).toEqual(once);
        expect(requestLine(once).length).toBeLessThanOrEqual(maxBytes);
        expect(once.path).toMatch(/^\/[\w\-.~!$&'()*+,=%/]*$/);
        expect(once.segments.every((segment) => !/[\\/%?#;]|^\.{1,2}$/.test(segment))).toBe(true);
      }),
      { numRuns: 2000, seed: 1 },
    );
    // Both kinds were really generated.
    expect(Math.min(outcomes.accepted, outcomes.refused)).toBeGreaterThan(50);
  });

  test('two spellings of one path have one canonical form', () => {
    const plainSegment = fc.stringMatching(/^[a-zA-Z0-9_~-]{1,8}$/);
    fc.assert(
      fc.property(fc.array(plainSegment, { minLength: 1, maxLength: 4 }), fc.infiniteStream(fc.boolean()), (segments, encode) => {
        const path = `/${segments.join('/')}`;
        const disguised = path.replaceAll(/[^/]/g, (character) =>
          encode.next().value === true ? `%${character.charCodeAt(0).toString(16)}` : character,
        );
        expect(canonicalize(disguised, 'generic', 8192)).toEqual(canonicalize(path, 'generic', 8192));
      }),
    );
  });
});

test('foldAscii folds A to Z and nothing else', () => {
  expect(['Chart', 'chart', 'ÄÖ\u212A', ''].map((text) => foldAscii(text))).toEqual(['chart', 'chart', 'ÄÖ\u212A', '']);
  expect(['ÄChArT\u212A', 'C\u0307H', '\u0130I'].map((text) => foldAscii(text))).toEqual(['Ächart\u212A', 'c\u0307h', '\u0130i']);
});

test('quote escapes and cuts', () => {
  expect(quote('a\n"')).toBe('"a\\n\\""');
  expect(quote('abcdef', 3)).toBe('"abc..."');
  expect(quote('abc', 3)).toBe('"abc"');
});
