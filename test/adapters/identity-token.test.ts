// The statement of who is asking, signed: by a key of the process, or by one that several gateways derive from what they share.

import { createPublicKey, randomBytes, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import { IdentityTokens } from '../../src/adapters/identity-token.ts';
import { signedIn } from '../support/session-gateway.ts';

const { session } = signedIn('nurse');
const seed = (): string => randomBytes(32).toString('base64url');

function isGood(token: string, tokens: IdentityTokens): boolean {
  const [header = '', claims = '', signature = ''] = token.split('.');
  const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string };
  const jwk = tokens.keySet().keys.find((one) => one['kid'] === kid);
  if (jwk === undefined) return false;
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  return verify(null, Buffer.from(`${header}.${claims}`), key, Buffer.from(signature, 'base64url'));
}

const signed = (by: IdentityTokens): string => by.sign(session, 'https://ehr.example', 'ehr', Date.now());

test('one gateway has a key of its own, and publishes no private part', () => {
  const [one, other] = [new IdentityTokens(), new IdentityTokens()];
  expect([isGood(signed(one), one), isGood(signed(one), other)]).toEqual([true, false]);
  expect(one.keySet().keys.map((key) => Object.keys(key).toSorted())).toEqual([['alg', 'crv', 'kid', 'kty', 'use', 'x']]);
});

test('what one of several gateways signs is checked by the key set of any other', () => {
  const shared = seed();
  expect(isGood(signed(new IdentityTokens([shared])), new IdentityTokens([shared]))).toBe(true);
});

test('while a new master key comes to one gateway after the other, both keys are published', () => {
  const [older, newer] = [seed(), seed()];
  const [before, after] = [new IdentityTokens([older, newer]), new IdentityTokens([newer, older])];
  expect([isGood(signed(before), after), isGood(signed(after), before)]).toEqual([true, true]);
});
