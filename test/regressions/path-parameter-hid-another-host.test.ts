// An EHR that was made to redirect to `/;jsessionid=/evil.example` led nowhere else, because one slash begins it. The gateway
// then took the session out of that address, and what was left, `//evil.example`, led the browser to another host. The same
// happened to where a sign-on lands and to the page where the EHR takes a new password.

import { describe, expect, test } from 'vitest';
import { emptyJar } from '../../src/core/ehr/jar.ts';
import { judgeStep, landingOf } from '../../src/core/ehr/judge-step.ts';
import type { ReplyFacts } from '../../src/reply/reply-step.ts';
import { rewriteRedirects } from '../../src/reply/rewrite-redirects.ts';
import { recipe, reply, replyTest, step } from '../core/ehr/build-recipe.ts';
import { applicationOf, replyOf } from '../support/edge-facts.ts';

function led(name: string, value: string): string[] {
  const cookies = { jar: ['JSESSIONID'], passthrough: [], seed: [] };
  const answer = replyOf(['X-Before', '1', name, value, 'Location', '/app;jsessionid=1/x?a=;jsessionid=2', 'X-After', '2']);
  void rewriteRedirects()({ application: applicationOf({ targetProfile: 'java', cookies }) } as ReplyFacts, answer);
  return answer.headers;
}

const others = ['Location', '/app/x?a=', 'X-After', '2'];

describe('in a header', () => {
  test.each([
    ['Location', '/;jsessionid=/evil.example/x'],
    ['Location', '/;JSESSIONID=0AF3.node1/evil.example/x'],
    ['Location', '/;jsessionid=\\evil.example'],
    ['Location', '/;jsessionid=\t/evil.example'],
    ['Location', ';jsessionid=//evil.example'],
    ['Location', 'https:/;jsessionid=/evil.example'],
    ['Location', 'https;jsessionid=://evil.example'],
    ['Content-Location', '/;jsessionid=1/evil.example'],
    ['Refresh', '5; url=/;jsessionid=/evil.example'],
    ['Refresh', '0,URL = "/;jsessionid=1/evil.example"'],
    ['Refresh', '0;jsessionid= //evil.example'],
    ['Link', '</;jsessionid=1/evil.example/<b>; rel="stylesheet"'],
    ['Link', '</a>; rel="next", </;jsessionid=/evil.example>; rel="stylesheet"'],
  ])('%s: %j is left out', (name, value) => {
    expect(led(name, value)).toEqual(['X-Before', '1', ...others]);
  });

  test.each([
    ['Location', '/;jsessionid=1', '/'],
    ['Location', '/a;jsessionid=1/b;jsessionid=2', '/a/b'],
    ['Location', '/a;jsessionid=1;v=2#;jsessionid=3', '/a;v=2#'],
    ['Location', '//other.example/;jsessionid=1', '//other.example/'],
    ['Location', '//evil.example/x', '//evil.example/x'],
    ['Refresh', "5; url='/a;jsessionid=1'", "5; url='/a'"],
    ['Link', '</a;jsessionid=1/b>; rel="next"', '</a/b>; rel="next"'],
  ])('%s: %j is %j', (name, value, expected) => {
    expect(led(name, value)).toEqual(['X-Before', '1', name, expected, ...others]);
  });
});

describe('in a sign-on', () => {
  const origins = ['http://ehr.local:8080'];
  const tests = [replyTest({ body: ['has expired'], at: 'expired' })];
  const known = { recipe: recipe([], { passwordChange: { tests, page: null, open: [] } }), origins, values: new Map() };

  test.each([
    ['/;jsessionid=/evil.example/x', null],
    ['/;a//evil.example', null],
    ['http://ehr.local:8080/;a=1/evil.example', null],
    ['/a;x/b;y?c=;d', '/a/b?c=;d'],
    ['/;jsessionid=1', '/'],
  ])('a Location %s lands at %j', (location, landing) => {
    expect(landingOf(reply('/app/login', 302, ['location', location]), origins)).toBe(landing);
  });

  test.each([
    ['/app/login;x=1', ['location', '/app/new;x=1'], '/app/new'],
    ['/app/login;x=1', ['location', '/;x=1/evil.example'], '/app/login'],
    ['/;x=1/evil.example', [], '/'],
  ])('the page for a new password, at %s with %j, is %s', (target, headers, page) => {
    const expired = reply(target, 200, headers, 'Your password has expired');
    expect(judgeStep(known, step('POST', '/app/login'), expired, emptyJar, null)).toMatchObject({
      kind: 'password-change',
      page,
    });
  });
});
