// What a page's content security policy lets a script of ours do.

import { expect, test } from 'vitest';
import { metaPolicies } from '../../../src/core/page-script/meta-policies.ts';
import { mayAskOwn, scriptAllowance } from '../../../src/core/page-script/script-allowance.ts';

const own = 'https://ehr.example';
const yes = { allowed: true, nonce: null };
const no = { allowed: false };
const nonce = (value: string) => ({ allowed: true, nonce: value });

test.each<readonly [what: string, policies: readonly string[], expected: object]>([
  ['no policy', [], yes],
  ['an empty one', [''], yes],
  ['one about pictures', ["img-src 'none'"], yes],
  ['our own origin by default', ["default-src 'self'"], yes],
  ['our own origin in capitals', ["Default-Src 'SELF'"], yes],
  ['everything', ['default-src *'], yes],
  ['our origin written out', [`script-src ${own}; connect-src ${own}/`], yes],
  ['our scheme', ['default-src https:'], yes],
  ['another scheme', ['default-src http:'], no],
  ['nothing', ["default-src 'none'"], no],
  ['another origin', ['script-src https://cdn.example'], no],
  ['scripts from within the page alone', ["script-src 'unsafe-inline'"], no],
  ['scripts, but no requests', ["script-src 'self'; connect-src 'none'"], no],
  ['requests by default to nowhere', ["default-src 'none'; script-src 'self'"], no],
  ['elements, which count before scripts', ["script-src 'none'; script-src-elem 'self'"], yes],
  ['elements from elsewhere', ["script-src 'self'; script-src-elem https://cdn.example"], no],
  ['scripts, which count before the default', ["default-src 'none'; script-src 'self'; connect-src 'self'"], yes],
  ['the first of a name counts', ["script-src 'self'; script-src 'none'"], yes],
  ['a nonce', ["script-src 'nonce-abc123=='"], nonce('abc123==')],
  ['a nonce beside places', ["script-src 'self' 'nonce-a_b-c'"], nonce('a_b-c')],
  ['a nonce and strict-dynamic', ["script-src 'nonce-xyz' 'strict-dynamic'"], nonce('xyz')],
  ['strict-dynamic makes places nothing', ["script-src 'self' 'strict-dynamic'"], no],
  ['a nonce that is no base64', ["script-src 'nonce-\"><img>'"], no],
  ['a hash', ["script-src 'sha256-abc'"], no],
  ['two policies that both allow', ["script-src 'self'", "default-src 'self'"], yes],
  ['two in one header', ["script-src 'self', default-src 'self'"], yes],
  ['two of which one forbids', ["script-src 'self', script-src 'none'"], no],
  ['one with a nonce and one without', ["script-src 'self'", "script-src 'nonce-a'"], nonce('a')],
  ['two with the same nonce', ["script-src 'nonce-a'", "script-src 'nonce-a'"], nonce('a')],
  ['two with two nonces', ["script-src 'nonce-a'", "script-src 'nonce-b'"], no],
  ['a sandbox', ['sandbox'], no],
  ['a sandbox with scripts of no origin', ['sandbox allow-scripts'], no],
  ['a sandbox that holds nothing back', ['sandbox allow-scripts allow-same-origin'], yes],
  ['Trusted Types', ["require-trusted-types-for 'script'; script-src 'self'; connect-src 'self'"], yes],
])('%s', (_what, policies, expected) => {
  expect(scriptAllowance(policies, own)).toEqual(expected);
});

test.each<readonly [what: string, head: string, policies: readonly string[], may: boolean]>([
  ['none', '<html><meta charset="utf-8">', [], true],
  [
    'one that lets us ask',
    `<meta http-equiv="Content-Security-Policy" content="connect-src 'self'">`,
    ["connect-src 'self'"],
    true,
  ],
  ['one that does not', `<META HTTP-EQUIV=content-security-policy CONTENT="default-src 'none'">`, ["default-src 'none'"], false],
  [
    'one about scripts, which ours stands before',
    `<meta http-equiv='Content-Security-Policy' content="script-src 'none'">`,
    ["script-src 'none'"],
    true,
  ],
  [
    'one in other quotes',
    `<meta content='connect-src https://api.example' http-equiv="content-security-policy">`,
    ['connect-src https://api.example'],
    false,
  ],
  [
    'quotes that are written out',
    '<meta http-equiv="content-security-policy" content="connect-src &#39;none&#39;">',
    ["connect-src 'none'"],
    false,
  ],
  ['one without quotes', '<meta http-equiv=content-security-policy content=connect-src>', ['connect-src'], false],
  ['one that only reports', `<meta http-equiv="Content-Security-Policy-Report-Only" content="default-src 'none'">`, [], true],
  ['one that says nothing', '<meta http-equiv="content-security-policy">', [''], true],
  [
    'two, of which one forbids',
    `<meta http-equiv="content-security-policy" content="img-src *"><meta http-equiv="content-security-policy" content="connect-src 'none'">`,
    ['img-src *', "connect-src 'none'"],
    false,
  ],
])('by a meta element: %s', (_what, head, policies, may) => {
  expect([metaPolicies(head), mayAskOwn(policies, own)]).toEqual([policies, may]);
});
