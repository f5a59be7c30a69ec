// Lines of an EHR's log, as servers write them and as strangers make servers write them.

import { describe, expect, test } from 'vitest';
import type { LogClock } from '../../../../src/core/audit/reconcile/ehr-request.ts';
import { guessFormat } from '../../../../src/core/audit/reconcile/guess-format.ts';
import { plainAddress } from '../../../../src/core/audit/reconcile/plain-address.ts';
import { readLogLine } from '../../../../src/core/audit/reconcile/read-log-line.ts';

/** A clock on the wall that is an hour ahead of UTC. */
const clock: LogClock = { now: Date.parse('2026-11-30T12:00:00Z'), fromWall: (shown) => shown - 3_600_000 };
const when = '[30/Nov/2026:13:00:00 +0100]';

function read(text: string, format: 'common' | 'combined' | 'orthanc' = 'common') {
  const line = readLogLine(text, format, clock);
  if (line.is !== 'request') return line.is === 'unreadable' ? `unreadable: ${line.why}` : line.is;
  const { time, address, method, path, names, status } = line.request;
  return [new Date(time).toISOString(), address, method, path, names, status];
}

const noon = '2026-11-30T12:00:00.000Z';

describe('common and combined', () => {
  test.each([
    [
      'a plain line',
      `10.0.0.5 - - ${when} "GET /chart?pid=7&tab=a HTTP/1.1" 200 12`,
      ['10.0.0.5', 'GET', '/chart', 'pid&tab', 200],
    ],
    ['with a carriage return', `10.0.0.5 - - ${when} "GET / HTTP/1.0" 200 -\r`, ['10.0.0.5', 'GET', '/', '', 200]],
    ['IPv6', `2001:DB8::7 - - ${when} "GET / HTTP/1.1" 200 1`, ['2001:db8:0:0:0:0:0:7', 'GET', '/', '', 200]],
    ['no address and no status', `- - - ${when} "GET / HTTP/1.1" - -`, [null, 'GET', '/', '', null]],
    [
      'a user with blanks, brackets and escaped quotes',
      String.raw`10.0.0.5 - a [30/Nov/2025:13:00:00 +0100] b ${when} "GET / HTTP/1.1" 200 1`,
      ['10.0.0.5', 'GET', '/', '', 200],
    ],
    [
      'a quote in the target, as Apache writes it',
      String.raw`10.0.0.5 - - ${when} "GET /a\"b HTTP/1.1" 200 1`,
      ['10.0.0.5', 'GET', '/a"b', '', 200],
    ],
    [
      'a quote in the target, as nginx writes it',
      String.raw`10.0.0.5 - - ${when} "GET /a\x22b\\c HTTP/1.1" 200 1`,
      ['10.0.0.5', 'GET', '/a"b\\c', '', 200],
    ],
    [
      'a line break that was sent',
      String.raw`10.0.0.5 - - ${when} "GET /a\nb HTTP/1.1" 200 1`,
      ['10.0.0.5', '', 'GET /a\nb HTTP/1.1', '', 200],
    ],
    [
      'an escape that nobody knows',
      String.raw`10.0.0.5 - - ${when} "GET /a\qb HTTP/1.1" 200 1`,
      ['10.0.0.5', 'GET', '/aqb', '', 200],
    ],
    ['a blank in the target', `10.0.0.5 - - ${when} "GET /a b HTTP/1.1" 200 1`, ['10.0.0.5', '', 'GET /a b HTTP/1.1', '', 200]],
    ['bytes of TLS', String.raw`10.0.0.9 - - ${when} "\x16\x03\x01" 400 1`, ['10.0.0.9', '', '\x16\x03\x01', '', 400]],
    ['no request at all', `10.0.0.9 - - ${when} "-" 408 -`, ['10.0.0.9', '', '-', '', 408]],
    ['no version', `10.0.0.9 - - ${when} "GET /" 200 1`, ['10.0.0.9', '', 'GET /', '', 200]],
  ])('%s', (_what, line, expected) => {
    expect(read(line)).toEqual([noon, ...expected]);
  });

  test.each`
    time                            | expected
    ${'30/Nov/2026:04:30:00 -0730'} | ${noon}
    ${'30/Nov/2026:12:00:60 +0000'} | ${'2026-11-30T12:01:00.000Z'}
    ${'29/Feb/2028:12:00:00 +0000'} | ${'2028-02-29T12:00:00.000Z'}
  `('$time', ({ time, expected }: { time: string; expected: string }) => {
    expect(read(`10.0.0.5 - - [${time}] "GET / HTTP/1.1" 200 1`)[0]).toBe(expected);
  });

  test.each`
    line                                                                  | why
    ${''}                                                                 | ${'common log format'}
    ${'10.0.0.5 - -'}                                                     | ${'common log format'}
    ${`10.0.0.5 - - ${when} "GET / HTTP/1.1`}                             | ${'common log format'}
    ${`10.0.0.5 - - ${when} "GET / HTTP/1.1" 200`}                        | ${'common log format'}
    ${`10.0.0.5 - "x" ${when} "GET / HTTP/1.1" 200 1`}                    | ${'common log format'}
    ${'10.0.0.5 - - [30/Nov/2026:13:00:00] "GET / HTTP/1.1" 200 1'}       | ${'common log format'}
    ${'10.0.0.5 - - [30/Nix/2026:13:00:00 +0000] "GET / HTTP/1.1" 200 1'} | ${'no such time'}
    ${'10.0.0.5 - - [31/Nov/2026:13:00:00 +0000] "GET / HTTP/1.1" 200 1'} | ${'no such time'}
    ${'10.0.0.5 - - [30/Nov/2026:24:00:00 +0000] "GET / HTTP/1.1" 200 1'} | ${'no such time'}
    ${'10.0.0.5 - - [30/Nov/2026:13:60:00 +0000] "GET / HTTP/1.1" 200 1'} | ${'no such time'}
    ${'10.0.0.5 - - [30/Nov/2026:13:00:61 +0000] "GET / HTTP/1.1" 200 1'} | ${'no such time'}
  `('unreadable: $line', ({ line, why }: { line: string; why: string }) => {
    expect(read(line)).toEqual(expect.stringMatching(`^unreadable: .*${why}`));
  });

  test('a combined line has referer and agent, whatever stands in them', () => {
    const common = `10.0.0.5 - - ${when} "GET / HTTP/1.1" 200 1`;
    expect(read(String.raw`${common} "-" "x \" ${when} \"GET /y" more`, 'combined')).toEqual([
      noon,
      '10.0.0.5',
      'GET',
      '/',
      '',
      200,
    ]);
    expect(read(common, 'combined')).toBe('unreadable: it ends before referer and agent');
  });

  test('a hostile line takes no time', () => {
    expect(read(`1 - ${'['.repeat(60_000)}`)).toMatch('unreadable');
    expect(read(`1 - - ${when} "${'\\'.repeat(60_001)}`)).toMatch('unreadable');
  });
});

describe('Orthanc', () => {
  test.each`
    line                                                                                         | expected
    ${'I1130 13:00:00.668193 HttpServer.cpp:1244] (http) GET /patients'}                         | ${[noon.replace('.000', '.668'), null, 'GET', '/patients', null, null]}
    ${'I1130 13:00:00.000193 HTTP-12 HttpServer.cpp:1244] (http) DELETE /a b/'}                  | ${[noon, null, 'DELETE', '/a b', null, null]}
    ${'I1130 13:00:00.000193 HttpServer.cpp:12] GET /'}                                          | ${[noon, null, 'GET', '/', null, null]}
    ${'I1130 13:00:00.0001 HttpServer.cpp:1] (http) Incoming read-only WebDAV request: HEAD /x'} | ${[noon, null, 'HEAD', '/x', null, null]}
    ${'I1231 13:00:00.000193 HttpServer.cpp:12] (http) GET /'}                                   | ${['2025-12-31T12:00:00.000Z', null, 'GET', '/', null, null]}
    ${'W1130 13:00:00.000193 main.cpp:2105] Orthanc has stopped'}                                | ${'other'}
    ${'I1130 13:00:00.000193 HttpServer.cpp:1585] (http) This server uses CivetWeb'}             | ${'other'}
    ${'  "second line" : GET /x'}                                                                | ${'continued'}
    ${'.668193 HttpServer.cpp:1244] (http) GET /x'}                                              | ${'unreadable: its beginning is missing'}
  `('$line', ({ line, expected }: { line: string; expected: unknown }) => {
    expect(read(line, 'orthanc')).toEqual(expected);
  });
});

test.each`
  lines                                                           | expected
  ${[`1 - - ${when} "GET / HTTP/1.1" 200 1`]}                     | ${'common'}
  ${[`1 - - ${when} "GET / HTTP/1.1" 200 1 "-" "-"`, 'x']}        | ${'combined'}
  ${['W1130 13:00:00.000193 main.cpp:2105] Orthanc has stopped']} | ${'orthanc'}
  ${['x', '']}                                                    | ${null}
`('$expected is guessed', ({ lines, expected }: { lines: string[]; expected: string | null }) => {
  expect(guessFormat(lines, clock)).toBe(expected);
});

test.each`
  written                | plain
  ${'10.0.0.5'}          | ${'10.0.0.5'}
  ${'::ffff:10.0.0.5'}   | ${'10.0.0.5'}
  ${'[::1]'}             | ${'0:0:0:0:0:0:0:1'}
  ${'FE80::0A%eth0'}     | ${'fe80:0:0:0:0:0:0:a'}
  ${'1:2:3:4:5:6:7:008'} | ${'1:2:3:4:5:6:7:8'}
  ${'2001:db8::'}        | ${'2001:db8:0:0:0:0:0:0'}
  ${'Gateway.clinic'}    | ${'gateway.clinic'}
`('$written is $plain', ({ written, plain }: { written: string; plain: string }) => {
  expect(plainAddress(written)).toBe(plain);
});
