// What replies of known EHRs mean, by tests as their presets have them.

import { describe, expect, test } from 'vitest';
import { headerOf, headersOf } from '../../../src/core/raw-headers.ts';
import { expiredReply } from '../../../src/core/ehr/expired-reply.ts';
import { judgeReply, locationOf, looksAtBody } from '../../../src/core/ehr/judge-reply.ts';
import type { ReplyTest } from '../../../src/core/ehr/recipe.ts';
import { pattern } from '../policy/build-policy.ts';
import { reply, replyTest } from './build-recipe.ts';

const origins = ['https://ehr.clinic.example'];
const session = '/openmrs/ws/rest/v1/session';

describe('a test holds where all it names holds', () => {
  const login = reply(
    '/app/login?x=1',
    302,
    ['Location', 'https://ehr.clinic.example/app/home;jsessionid=1?y=2'],
    'Hello {"ok":1}',
  );
  test.each<[string, ReplyTest, boolean]>([
    ['status', replyTest({ status: [200, 302] }), true],
    ['another status', replyTest({ status: [200] }), false],
    ['location', replyTest({ location: '/app/home' }), true],
    ['location by pattern', replyTest({ location: '/app/**' }), true],
    ['another location', replyTest({ location: '/app/login' }), false],
    ['path', replyTest({ paths: ['/x', '/app/login'], status: [302] }), true],
    ['another path', replyTest({ paths: ['/x'], status: [302] }), false],
    ['all texts', replyTest({ body: ['Hello', '{'] }), true],
    ['one text of two', replyTest({ body: ['Hello', 'hello'] }), false],
    ['without a text', replyTest({ status: [302], bodyWithout: ['password'] }), true],
    ['with a text that may not be there', replyTest({ status: [302], bodyWithout: ['password', 'Hello'] }), false],
    ['JSON that is none', replyTest({ json: [{ pointer: '/ok', equals: 1 }] }), false],
    [
      'all together',
      replyTest({ paths: ['/app/*'], status: [302], location: '/app/home', body: ['ok'], bodyWithout: ['no'] }),
      true,
    ],
  ])('%s: %#', (_what, one, holds) => {
    expect(judgeReply([one], login, origins)).toBe(holds ? one : null);
  });

  test.each<[string, ReplyTest['json'], boolean]>([
    ['{"authenticated":false}', [{ pointer: '/authenticated', equals: false }], true],
    ['{"authenticated":true}', [{ pointer: '/authenticated', equals: false }], false],
    ['{"authenticated":"false"}', [{ pointer: '/authenticated', equals: false }], false],
    ['{}', [{ pointer: '/authenticated', equals: null }], false],
    [
      '{"a":null,"b":[2]}',
      [
        { pointer: '/a', equals: null },
        { pointer: '/b/0', equals: 2 },
      ],
      true,
    ],
    [
      '{"a":null,"b":[2]}',
      [
        { pointer: '/a', equals: null },
        { pointer: '/b', equals: 2 },
      ],
      false,
    ],
    ['<html>', [{ pointer: '', equals: '<html>' }], false],
  ])('JSON %s with %j: %j', (body, json, holds) => {
    expect(judgeReply([replyTest({ paths: [session], json })], reply(session, 200, [], body), origins) !== null).toBe(holds);
  });
});

test('a Location on another host, or none, is no location', () => {
  const somewhere = replyTest({ location: '/**' });
  expect(judgeReply([somewhere], reply('/a', 302, ['location', 'https://evil.example/app/home']), origins)).toBeNull();
  expect(judgeReply([somewhere], reply('/a', 302), origins)).toBeNull();
  expect(locationOf(reply('/a/b', 302, ['LOCATION', 'c']), origins)).toBe('/a/c');
});

test('the first that holds is told, and none of none', () => {
  const tests = [
    replyTest({ status: [500], at: '1' }),
    replyTest({ status: [200], at: '2' }),
    replyTest({ body: ['x'], at: '3' }),
  ];
  expect(judgeReply(tests, reply('/', 200, [], 'x'), origins)?.at).toBe('2');
  expect(judgeReply([], reply('/', 200), origins)).toBeNull();
});

test.each<[string, ReplyTest, boolean]>([
  ['status', replyTest({ status: [302], location: '/a' }), false],
  ['body', replyTest({ body: ['x'] }), true],
  ['bodyWithout', replyTest({ bodyWithout: ['x'] }), true],
  ['json', replyTest({ json: [{ pointer: '/a', equals: 1 }] }), true],
])('a test of %s looks at the body', (_what, one, looks) => {
  expect(looksAtBody(one)).toBe(looks);
});

test('a header is found in any capitals, and never among the values', () => {
  const headers = ['Set-Cookie', 'a=1', 'x', 'set-cookie', 'SET-COOKIE', 'b=1'];
  expect(headersOf(headers, 'set-cookie')).toEqual(['a=1', 'b=1']);
  expect(headerOf(headers, 'set-cookie')).toBe('a=1');
  expect(headerOf(headers, 'a=1')).toBeNull();
});

test('a script of the EHR is told of the end in its own words', () => {
  const expired = [
    { pattern: pattern('/openemr/library/ajax/dated_reminders_counter.php'), json: '{"timeoutMessage":"timeout"}' },
    { pattern: pattern('/openemr/**'), json: '{}' },
  ];
  expect(expiredReply(expired, '/openemr/library/ajax/dated_reminders_counter.php')).toBe('{"timeoutMessage":"timeout"}');
  expect(expiredReply(expired, '/openemr/x?y')).toBe('{}');
  expect(expiredReply(expired, '/other')).toBeNull();
});
