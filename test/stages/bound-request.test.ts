import { describe, expect, test } from 'vitest';
import type { Arrived, Identified, Recognised, Targeted } from '../../src/facts.ts';
import { boundRequest } from '../../src/stages/bound-request.ts';
import { applicationOf, exchangeOf, headersOf, reasonOf } from '../support/edge-facts.ts';

const stage = boundRequest({ bodyBytes: 1000, headerCount: 3 });

interface Given {
  readonly method?: string;
  readonly shape?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly count?: number;
}

function run({ method = 'POST', shape = 'page', path = '/chart', headers = {}, count = 0 }: Given): unknown {
  const exchange = exchangeOf(Array.from({ length: count * 2 }, () => 'a'));
  const facts = {
    exchange,
    headers: headersOf(headers),
    method,
    shape,
    application: applicationOf(),
    target: { path },
    machine: null,
  };
  return reasonOf(stage(facts as unknown as Arrived & Identified & Targeted & Recognised));
}

describe('framing and limits', () => {
  test.each<readonly [given: Given, reason: string | undefined]>([
    [{ count: 3 }, undefined],
    [{ count: 4 }, 'headers-too-large'],
    [{ headers: { 'content-length': '0' } }, undefined],
    [{ headers: { 'content-length': '1000' } }, undefined],
    [{ headers: { 'content-length': '1001' } }, 'body-too-large'],
    [{ headers: { 'content-length': '05' } }, 'framing-refused'],
    [{ headers: { 'content-length': '' } }, 'framing-refused'],
    [{ headers: { 'content-length': '+5' } }, 'framing-refused'],
    [{ headers: { 'content-length': '5, 5' } }, 'framing-refused'],
    [{ headers: { 'content-length': '0x5' } }, 'framing-refused'],
    [{ headers: { 'content-length': '99999999999999999' } }, 'framing-refused'],
    [{ headers: { 'transfer-encoding': 'chunked' } }, undefined],
    [{ headers: { 'transfer-encoding': 'Chunked' } }, 'transfer-coding-refused'],
    [{ headers: { 'transfer-encoding': ',chunked' } }, 'transfer-coding-refused'],
    [{ headers: { 'transfer-encoding': 'gzip, chunked' } }, 'transfer-coding-refused'],
    [{ headers: { 'transfer-encoding': 'chunked', 'content-length': '5' } }, 'framing-refused'],
    [{ method: 'GET', headers: { 'content-length': '0' } }, undefined],
    [{ method: 'GET', headers: { 'content-length': '5' } }, 'body-not-accepted'],
    [{ method: 'HEAD', headers: { 'transfer-encoding': 'chunked' } }, 'body-not-accepted'],
    [{ method: 'OPTIONS', headers: { 'content-length': '5' } }, 'body-not-accepted'],
    [{ method: 'DELETE', headers: { 'content-length': '5' } }, undefined],
    [{ headers: { expect: '100-Continue' } }, undefined],
    [{ headers: { expect: '100-continue, x' } }, 'expectation-refused'],
    [{ headers: { range: 'bytes=0-1,2-3,4-5,6-7,8-9' } }, undefined],
    [{ headers: { range: 'bytes=0-1,2-3,4-5,6-7,8-9,10-11' } }, 'header-malformed'],
    [{ headers: { upgrade: 'h2c' } }, undefined],
    [{ headers: { upgrade: 'WebSocket' } }, 'upgrade-malformed'],
    [{ headers: { origin: 'https://ehr.example' } }, undefined],
    [{ headers: { origin: 'https://evil.test' } }, 'origin-not-permitted'],
    [{ method: 'GET', headers: { origin: 'https://evil.test' } }, undefined],
  ])('%j: %s', (given, reason) => {
    expect(run(given)).toBe(reason);
  });
});

describe('a handshake', () => {
  const whole = {
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    origin: 'https://ehr.example',
  };

  test.each<readonly [changes: Readonly<Record<string, string | undefined>>, reason: string | undefined]>([
    [{}, undefined],
    [{ 'sec-websocket-version': '12' }, 'upgrade-version'],
    [{ 'sec-websocket-version': undefined }, 'upgrade-version'],
    [{ 'sec-websocket-key': 'short==' }, 'upgrade-malformed'],
    [{ 'sec-websocket-key': undefined }, 'upgrade-malformed'],
    [{ origin: undefined }, 'origin-not-permitted'],
    [{ origin: 'null' }, 'origin-not-permitted'],
    [{ origin: 'http://ehr.example' }, 'origin-not-permitted'],
    [{ origin: 'https://ehr.example.evil.test' }, 'origin-not-permitted'],
    [{ origin: 'https://EHR.example' }, 'origin-not-permitted'],
    [{ 'content-length': '5' }, 'body-not-accepted'],
  ])('with %j: %s', (changes, reason) => {
    const headers = Object.fromEntries(
      Object.entries({ ...whole, ...changes }).filter(([, value]) => value !== undefined),
    ) as Record<string, string>;
    expect(run({ method: 'GET', shape: 'upgrade', headers })).toBe(reason);
  });
});

describe('what changes something at the EHR and comes from another site', () => {
  const own = 'https://ehr.example';
  test.each<readonly [given: Given, reason: string | undefined]>([
    [{ method: 'POST', headers: { 'sec-fetch-site': 'cross-site' } }, 'origin-not-permitted'],
    [{ method: 'PUT', headers: { 'sec-fetch-site': 'cross-site' } }, 'origin-not-permitted'],
    [{ method: 'PATCH', headers: { 'sec-fetch-site': 'cross-site' } }, 'origin-not-permitted'],
    [{ method: 'DELETE', headers: { 'sec-fetch-site': 'cross-site' } }, 'origin-not-permitted'],
    [{ method: 'GET', headers: { 'sec-fetch-site': 'cross-site', origin: 'null' } }, undefined],
    [{ method: 'HEAD', headers: { 'sec-fetch-site': 'cross-site' } }, undefined],
    [{ method: 'OPTIONS', headers: { 'sec-fetch-site': 'cross-site' } }, undefined],
    [{ headers: { 'sec-fetch-site': 'same-site', origin: 'https://www.example' } }, 'origin-not-permitted'],
    [{ headers: { 'sec-fetch-site': 'cross-site', origin: own } }, 'origin-not-permitted'],
    [{ headers: { origin: 'https://evil.example' } }, 'origin-not-permitted'],
    [{ headers: { origin: 'null' } }, 'origin-not-permitted'],
    [{ headers: { origin: 'null', 'sec-fetch-site': 'same-origin' } }, undefined],
    [{ headers: { origin: own, 'sec-fetch-site': 'same-origin' } }, undefined],
    [{ headers: { 'sec-fetch-site': 'none' } }, undefined],
    [{ headers: { origin: own } }, undefined],
    [{}, undefined],
    // Pages of ours judge it themselves, and more strictly; a look-alike of the prefix is the EHR's.
    [{ path: '/.wardgate/backchannel-logout', headers: { origin: 'https://op.example' } }, undefined],
    [{ path: '/.wardgateways', headers: { origin: 'https://op.example' } }, 'origin-not-permitted'],
  ])('%j: %s', (given, reason) => {
    expect(run(given)).toBe(reason);
  });
});

describe('what no person asked for', () => {
  test.each<readonly [given: Given, reason: string | undefined]>([
    [{ method: 'GET', headers: { 'sec-purpose': 'prefetch' } }, 'origin-not-permitted'],
    [{ method: 'GET', headers: { 'sec-purpose': 'prefetch;prerender' } }, 'origin-not-permitted'],
    [{ method: 'GET', headers: { purpose: 'Prefetch' } }, 'origin-not-permitted'],
    [{ method: 'GET', headers: { purpose: 'x', 'x-moz': 'prefetch' } }, 'origin-not-permitted'],
    [{ method: 'GET', headers: { 'x-purpose': 'preview' } }, 'origin-not-permitted'],
    [{ method: 'GET', headers: { purpose: 'reading' } }, undefined],
    [{ method: 'GET', path: '/.wardgate/sign-in', headers: { purpose: 'prefetch' } }, undefined],
    [{ method: 'GET', headers: { 'service-worker': 'script' } }, 'header-malformed'],
    [{ method: 'GET', headers: { 'service-worker': '' } }, 'header-malformed'],
    [{ method: 'GET', headers: { 'sec-fetch-dest': 'serviceworker' } }, 'header-malformed'],
    [{ method: 'GET', path: '/.wardgate/assets/x.js', headers: { 'service-worker': 'script' } }, 'header-malformed'],
    [{ method: 'GET', headers: { 'sec-fetch-dest': 'worker' } }, undefined],
  ])('%j: %s', (given, reason) => {
    expect(run(given)).toBe(reason);
  });
});
