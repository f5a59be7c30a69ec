// Whatever an EHR answers, a play goes on to one verdict, throws nothing, sends nothing that is no plain request, and never
// tells the password.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { afterReply, beginPlay, nextRequest } from '../../../src/core/ehr/play-recipe.ts';
import type { Take } from '../../../src/core/ehr/recipe.ts';
import { expectBounded, mixedBytes, mixedText, runs } from '../../support/fuzz.ts';
import { form, recipe, replyTest, step, template } from './build-recipe.ts';

const password = 'correct horse';
const person = new Map([['username', 'anna'], ['password', password]]); // prettier-ignore
const origins = ['http://ehr.local:8080'];
const now = Date.UTC(2026, 0, 15);

const takes: readonly Take[] = [
  { name: 'action', at: '1', from: 'form-action', holds: 'login' },
  { name: 'token', at: '2', from: 'between', before: 'token=', after: ';' },
];

const ours = recipe(
  [
    step('GET', '/app/', { take: takes }),
    step('POST', '{action}', { headers: [['X-Token', template('{token}')]], body: form({ u: '{username}', p: '{password}' }) }),
    step('POST', '/app/{token}', { decides: true, take: takes }),
    step('GET', '{action}', { headers: [['X-Token', template('{token}')]] }),
  ],
  {
    success: [replyTest({ status: [302], location: '/app/**' }), replyTest({ json: [{ pointer: '/ok', equals: true }] })],
    passwordChange: { tests: [replyTest({ location: '/app/change' })], page: null, open: [] },
  },
);

const markup = ['<form action="login', '<form action=login>', '<form action="/app/login;jsessionid=1">', '">', 'token=', 'token=T;', ';', '{"ok":true}', 'wrong password', '<base href="', '<input ', '<p>', '&lt;', password, '//evil.example/', '\\', '\r\n', '../']; // prettier-ignore
const located = [
  '/app/home',
  '/app/',
  'change',
  '..',
  '//',
  'evil.example',
  'http:',
  'http://ehr.local:8080',
  ';jsessionid=1',
  '?a=',
  '\\',
  '\t',
  '%2e',
];
const cookies = ['S=1', '; Path=/app', '; Max-Age=0', '; Max-Age=5', '; Expires=', ';', '=', 'wardgate=1', '\0'];
const answers = fc.array(
  fc.record({
    status: fc.constantFrom(200, 302, 403, 500),
    location: fc.option(mixedBytes(located, 4)),
    cookie: mixedBytes(cookies, 6),
    body: mixedText(markup, 8).map((text) => `${text}<form action=login>token=T;`),
  }),
  { minLength: 4, maxLength: 4 },
);

test('whatever is answered, there is one verdict', () => {
  const verdicts = new Map<string, number>();
  fc.assert(
    fc.property(answers, (list) => {
      let play = beginPlay(ours, person, origins);
      for (const { status, location, cookie, body } of list) {
        const next = nextRequest(play, now);
        if ('kind' in next) break;
        expect(next.target).toMatch(/^\/(?!\/)[\x21-\x7e]{0,8191}$/);
        expect(next.headers.join('')).toMatch(/^[\x20-\x7e\x80-\xff]*$/);
        const headers = ['set-cookie', cookie, ...(location === null ? [] : ['location', location])];
        play = afterReply(play, { target: next.target, status, headers, body }, now);
      }
      const verdict = nextRequest(play, now);
      expect('kind' in verdict).toBe(true);
      if (!('kind' in verdict)) return;
      verdicts.set(verdict.kind, (verdicts.get(verdict.kind) ?? 0) + 1);
      expect(JSON.stringify([verdict.kind === 'signed-on' ? verdict.by : verdict, play.steps])).not.toContain(password);
      const leads = verdict.kind === 'signed-on' ? verdict.location : verdict.kind === 'password-change' ? verdict.page : null;
      if (leads !== null) expect(leads).toMatch(/^\/(?!\/)[^;\\#\s]*(?:\?\S*)?$/);
    }),
    runs(2000),
  );
  expect([...verdicts.keys()].sort()).toEqual(['broken', 'password-change', 'refused', 'signed-on', 'unrecognised']);
});

test('no reply takes long', () => {
  const start = beginPlay(ours, person, origins);
  expectBounded(
    ['<form', '<input', '<form action=login', 'token=', ';', '<base href=/', '{"ok":', '[', '&#', password],
    (body) => {
      const first = afterReply(
        start,
        { target: '/app/', status: 200, headers: ['location', body, 'set-cookie', body], body },
        now,
      );
      const at = { ...start, step: 2, values: new Map([...person, ['token', 'T']]) };
      const decided = afterReply(
        at,
        { target: '/app/T', status: 200, headers: ['location', body, 'set-cookie', body], body },
        now,
      );
      return [first.verdict, decided.verdict];
    },
  );
});
