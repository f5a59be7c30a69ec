import { describe, expect, it } from 'vitest';
import { parsePattern } from '../../src/core/policy/path-pattern.ts';
import type { PathPattern } from '../../src/core/policy/path-pattern.ts';
import { covers } from '../../src/config/covers.ts';
import { didYouMean, listed } from '../../src/config/did-you-mean.ts';
import { readHours, readMoment } from '../../src/config/hours.ts';
import { renderMistake } from '../../src/config/mistake.ts';
import { cidrProblem, isLoopback, trustProblem } from '../../src/config/network.ts';

describe('working hours', () => {
  it.each([
    ['Mon-Fri 07:00-19:00', [{ days: [1, 2, 3, 4, 5], fromMinute: 420, toMinute: 1140 }]],
    ['Sat 08:00-12:30', [{ days: [6], fromMinute: 480, toMinute: 750 }]],
    [
      'mon, wed 7:00-9:00, Sun 00:00-24:00',
      [
        { days: [1, 3], fromMinute: 420, toMinute: 540 },
        { days: [0], fromMinute: 0, toMinute: 1440 },
      ],
    ],
    ['Fri-Mon 19:00-07:00', [{ days: [5, 6, 0, 1], fromMinute: 1140, toMinute: 420 }]],
  ])('%s', (text, spans) => expect(readHours(text)).toEqual({ value: spans }));

  it.each([
    '',
    'Mon-Fri',
    '07:00-19:00',
    'Mon 7-19',
    'Mon 07:00',
    'Mon 07:00-07:00',
    'Mon 24:00-25:00',
    'Mon 07:60-08:00',
    'Mon-Fri-Sat 07:00-08:00',
    'Mon 07:00-08:00 daily',
    'Montag 07:00-08:00',
  ])('%j is refused', (text) => expect(readHours(text)).toHaveProperty('problem'));

  it.each([
    ['Mon 10:00', { day: 1, minute: 600 }],
    ['sunday 0:05', { day: 0, minute: 5 }],
    ['Mon', null],
    ['Mon 24:00', null],
    ['10:00 Mon', null],
    ['Mon 10:00 sharp', null],
  ])('the moment %s', (text, moment) => expect(readMoment(text)).toEqual(moment));
});

describe('address ranges', () => {
  it.each(['10.20.0.0/16', '10.1.2.3', '::1', 'fd00::/8', '0.0.0.0/0', '2001:db8::/32'])('%s', (text) =>
    expect(cidrProblem(text)).toBe(null),
  );

  it.each([
    '10.20.0.0/33',
    '10.20.0.1/16',
    '10.20.0/16',
    'clinic',
    '10.0.0.0/8/8',
    '10.0.0.0/',
    'fe80::1%eth0',
    '::/129',
    '010.0.0.1',
  ])('%s is refused', (text) => expect(cidrProblem(text)).not.toBe(null));

  it.each([
    ['10.20.0.10', true],
    ['10.0.0.0/8', true],
    ['10.0.0.0/7', false],
    ['0.0.0.0/0', false],
    ['::/0', false],
  ])('%s is trusted as a proxy: %s', (text, trusted) => expect(trustProblem(text) === null).toBe(trusted));

  it.each([
    ['localhost', true],
    ['127.0.0.1', true],
    ['127.9.9.9', true],
    ['[::1]', true],
    ['localhost.example', false],
    ['127.0.0.1.example', false],
    ['10.0.0.1', false],
  ])('%s is this machine: %s', (name, local) => expect(isLoopback(name)).toBe(local));
});

describe('the word that was meant', () => {
  const names = ['physician', 'nurse', 'front-desk', 'it'];
  it.each([
    ['physican', 'physician'],
    ['nusre', 'nurse'],
    ['Nurse', 'nurse'],
    ['frontdesk', 'front-desk'],
    ['surgeon', undefined],
    ['x', undefined],
    ['', undefined],
  ])('%s: %s', (word, meant) => expect(didYouMean(word, names)).toBe(meant));

  it('is listed as in a sentence', () => {
    expect([listed([]), listed(['a']), listed(['a', 'b']), listed(['a', 'b', 'c'], 'and')]).toEqual([
      'nothing',
      '"a"',
      '"a" or "b"',
      '"a", "b" and "c"',
    ]);
  });
});

describe('a mistake', () => {
  it('is shown with its place and the word that was meant', () => {
    const place = { file: 'config/rules.yaml', line: 12, column: 5 };
    expect(renderMistake({ ...place, message: 'Role "nurze" is not defined', suggestion: 'nurse' })).toBe(
      'config/rules.yaml:12:5: Role "nurze" is not defined, did you mean "nurse"?',
    );
    expect(renderMistake({ ...place, message: 'File is empty' })).toBe('config/rules.yaml:12:5: File is empty');
    expect(renderMistake({ ...place, file: `${process.cwd()}/config/rules.yaml`, message: 'x' })).toBe(
      'config/rules.yaml:12:5: x',
    );
  });
});

describe('one pattern covering another', () => {
  it.each([
    ['/a', '/a', true],
    ['/a', '/A', false],
    ['/a/**', '/a', true],
    ['/a/**', '/a/b/{id}', true],
    ['/a/**', '/a/**', true],
    ['/a/**/z', '/a/b/c/z', true],
    ['/a/**/z', '/a/b/c', false],
    ['/a/{x}', '/a/{y}', true],
    ['/a/{x}', '/a/*.php', true],
    ['/a/*', '/a/{x}', true],
    ['/a/*', '/a/', false],
    ['/a/', '/a/', true],
    ['/a/*.php', '/a/*.php', true],
    ['/a/*.php', '/a/b.php', false],
    ['/a/*', '/a/**', false],
    ['/a/b', '/a/{x}', false],
    ['/a', '/a/b', false],
    ['/a/b', '/a', false],
  ])('%s covers %s: %s', (wider, narrower, expected) => expect(covers(pattern(wider), pattern(narrower))).toBe(expected));
});

function pattern(source: string): PathPattern {
  const parsed = parsePattern(source);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed;
}
