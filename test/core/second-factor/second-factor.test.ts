// The rules of the second factor: what counts as a code, how long wrong ones block, what a provider's word is worth.

import { expect, test } from 'vitest';
import { acceptProviderFactor } from '../../../src/core/second-factor/accept-provider-factor.ts';
import { hasPasskeysOf, passkeyDomain, sharedDomain } from '../../../src/core/second-factor/passkey-domain.ts';
import { resistsPhishing } from '../../../src/core/second-factor/resists-phishing.ts';
import { blockAfter } from '../../../src/core/second-factor/attempt-rules.ts';
import { base32 } from '../../../src/core/second-factor/base32.ts';
import { readCode } from '../../../src/core/second-factor/read-code.ts';
import { formatRecoveryCode, normaliseRecoveryCode } from '../../../src/core/second-factor/recovery-code.ts';

test.each([
  ['012345', '012345'],
  [' 012345', '012345'],
  ['012345  ', '012345'],
  ['012 345', '012345'],
])('%j is the code %s', (typed, code) => {
  expect(readCode(typed)).toEqual({ kind: 'totp', code });
});

test.each([
  '',
  '12345',
  '0123456',
  '01 2345',
  '012  345',
  '0123 45',
  '\uFF10\uFF11\uFF12\uFF13\uFF14\uFF15',
  '012345\u0000',
  '012345\n',
  '-12345',
  '0x1234',
  '1e5',
  12_345,
  null,
  undefined,
  ['012345'],
  { code: '012345' },
  'x'.repeat(101),
])('%j is no code', (typed) => {
  expect(readCode(typed)).toEqual({ kind: 'neither' });
});

const bytes = Uint8Array.from({ length: 16 }, (_, n) => n * 17);

test('a recovery code is 26 characters in groups, and each byte matters', () => {
  const code = formatRecoveryCode(bytes);
  expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}(-[0-9A-HJKMNP-TV-Z]{1,5}){5}$/);
  expect(formatRecoveryCode(new Uint8Array(16))).toBe('00000-00000-00000-00000-00000-0');
  expect(formatRecoveryCode(new Uint8Array(16).fill(255))).toBe('7ZZZZ-ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ-Z');
  expect(() => formatRecoveryCode(new Uint8Array(15))).toThrow('made of 16 bytes, not 15');
});

test('it is read in any case, with or without its dashes, and with the letters people confuse', () => {
  const code = formatRecoveryCode(bytes);
  const plain = code.replaceAll('-', '');
  for (const typed of [code, plain, code.toLowerCase(), ` ${code} `, code.replaceAll('-', ' ')]) {
    expect(normaliseRecoveryCode(typed)).toBe(plain);
    expect(readCode(typed)).toEqual({ kind: 'recovery', code: plain });
  }
  expect(normaliseRecoveryCode(`iIlLoO${'0'.repeat(20)}`)).toBe(`111100${'0'.repeat(20)}`);
});

test.each([
  'U'.repeat(26),
  '0'.repeat(25),
  '0'.repeat(27),
  `${'0'.repeat(25)}\u0131`,
  `${'0'.repeat(25)}\uFF10`,
  '0'.repeat(200),
])('%j is no recovery code', (typed) => {
  expect(normaliseRecoveryCode(typed)).toBeNull();
});

test.each([
  [0, 0],
  [1, 0],
  [4, 0],
  [5, 15],
  [6, 0],
  [10, 30],
  [15, 60],
  [35, 960],
  [40, 1440],
  [500, 1440],
])('failure %i blocks for %i minutes', (failures, minutes) => {
  expect(blockAfter(failures)).toBe(minutes * 60_000);
});

const trust = { trustAmr: ['mfa', 'hwk'], trustAcr: ['gold'], trustAcrs: ['c1'], trustPhishingResistant: ['hwk', 'gold', 'c1'] };

test.each([
  ['a trusted method in a list', { amr: ['pwd', 'mfa'] }, 'amr mfa'],
  ['a trusted method alone', { amr: 'hwk' }, 'amr hwk'],
  ['a trusted level', { acr: 'gold' }, 'acr gold'],
  ['a trusted context in a list', { acrs: ['c7', 'c1'], acr: '1' }, 'acrs c1'],
  ['a trusted context alone', { acrs: 'c1' }, 'acrs c1'],
  ['another context', { acrs: ['c2', 'C1', 'c10'] }, null],
  ['a context where a level stands', { acr: 'c1' }, null],
  ['a context inside an object', { acrs: { c1: true } }, null],
  ['a password is no second factor', { amr: ['pwd'] }, null],
  ['nothing said', {}, null],
  ['a level that is a list', { acr: ['gold'] }, null],
  ['a method inside an object', { amr: { mfa: true } }, null],
])('%s', (_case, claims, detail) => {
  const { trustPhishingResistant: _none, ...others } = trust;
  const evidence = acceptProviderFactor(claims, { ...others, trustPhishingResistant: [] }, 9);
  expect(evidence).toEqual(detail === null ? null : { method: 'provider', at: 9, detail });
});

test.each([
  ['a code', { method: 'totp', at: 1 }, false],
  ['a code that says so of itself', { method: 'totp', at: 1, phishingResistant: true }, false],
  ['a recovery code', { method: 'recovery-code', at: 1 }, false],
  ['a passkey', { method: 'passkey', at: 1 }, true],
  ["the provider's factor", { method: 'provider', at: 1 }, false],
  ["the provider's factor that is trusted so", { method: 'provider', at: 1, phishingResistant: true }, true],
] as const)('%s resists phishing: %s', (_case, evidence, expected) => {
  expect(resistsPhishing(evidence)).toBe(expected);
});

test.each([
  [{ amr: ['mfa', 'hwk'] }, true],
  [{ amr: ['mfa'] }, undefined],
  [{ amr: ['mfa'], acr: 'gold' }, true],
  [{ amr: ['mfa'], acrs: ['c1'] }, true],
  [{ amr: ['mfa'], acr: ['gold'] }, undefined],
  [{ amr: ['mfa'], other: 'hwk' }, undefined],
])('the claims %j show a factor that resists phishing: %s', (claims, expected) => {
  expect(acceptProviderFactor(claims, trust, 9)?.phishingResistant).toBe(expected);
});

test.each([
  ['ehr.example', 'ehr.example', true],
  ['ehr.clinic.example', 'clinic.example', true],
  ['ehrclinic.example', 'clinic.example', false],
  ['clinic.example', 'ehr.clinic.example', false],
  ['localhost', 'localhost', true],
  ['127.0.0.1', '127.0.0.1', false],
  ['[::1]', '[::1]', false],
])('%s has passkeys of %s: %s', (host, domain, expected) => {
  expect(hasPasskeysOf(host, domain)).toBe(expected);
});

test.each([
  [['ehr.clinic.example'], 'ehr.clinic.example'],
  [['localhost'], 'localhost'],
  [['ehr.clinic.example', 'pacs.clinic.example'], 'clinic.example'],
  [['clinic.example', 'pacs.clinic.example'], 'clinic.example'],
  [['pacs.clinic.example', 'clinic.example'], 'clinic.example'],
  [['ehr.one.example', 'ehr.two.example'], null],
  [[], ''],
])('%j share the domain %s', (hosts, expected) => {
  expect(sharedDomain(hosts)).toBe(expected);
});

test('passkeys belong to the domain that is named, else to the host', () => {
  expect([passkeyDomain(null, 'ehr.example'), passkeyDomain('example', 'ehr.example')]).toEqual(['ehr.example', 'example']);
});

test('nothing is trusted unless it is named', () => {
  expect(
    acceptProviderFactor({ amr: ['mfa'], acr: 'gold', acrs: ['c1'] }, { ...trust, trustAmr: [], trustAcr: [], trustAcrs: [] }, 9),
  ).toBeNull();
  const odd = { trustAmr: ['undefined'], trustAcr: ['undefined'], trustAcrs: ['undefined'], trustPhishingResistant: [] };
  expect(acceptProviderFactor({}, odd, 9)).toBeNull();
});

test.each([
  ['', ''],
  ['f', 'MY'],
  ['fo', 'MZXQ'],
  ['foo', 'MZXW6'],
  ['foob', 'MZXW6YQ'],
  ['fooba', 'MZXW6YTB'],
  ['foobar', 'MZXW6YTBOI'],
])('base 32 of %j is %s (RFC 4648 section 10)', (text, expected) => {
  expect(base32(Buffer.from(text))).toBe(expected);
});
