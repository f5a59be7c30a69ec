// A page of the EHR registered a service worker for `/`. Its script was fetched through the gateway, the EHR's reply said
// `Service-Worker-Allowed: /`, and from then on the EHR's script stood between the browser and our own pages.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { askMany } from '../support/ask-many.ts';
import type { ShortAnswer } from '../support/ask-many.ts';
import { startSessionGateway } from '../support/session-gateway.ts';
import type { SessionGateway } from '../support/session-gateway.ts';
import { answerRaw } from '../support/wire-ehr.ts';

let place: SessionGateway;

beforeAll(async () => {
  place = await startSessionGateway({ rules: ['{ name: all, paths: ["/**"], allow: everyone }'] });
});
afterAll(() => place.close());

async function ask(...headers: readonly string[]): Promise<ShortAnswer> {
  const head = ['GET /sw.js HTTP/1.1', `Host: ${place.host()}`, `Cookie: ${await place.cookieFor('nurse')}`, ...headers];
  const [answer] = await askMany(place.gateway.port, [[...head, '', ''].join('\r\n')]);
  return answer ?? { status: 0, head: '', body: '' };
}

test.each([['Service-Worker: script'], ['Service-Worker: '], ['service-worker: navigation'], ['Sec-Fetch-Dest: serviceworker']])(
  '%s never reaches the EHR',
  async (line) => {
    const before = place.ehr.requests.length;
    const answer = await ask(line, 'Sec-Fetch-Mode: same-origin');
    expect(answer.status).toBe(400);
    expect(answer.body).toContain('header-malformed');
    expect(place.ehr.requests.length).toBe(before);
  },
);

test('what would let one in, or let another origin read, is no part of the reply', async () => {
  place.ehr.answer = answerRaw(
    [
      'HTTP/1.1 200 OK',
      'Content-Length: 2',
      'Service-Worker-Allowed: /',
      'Access-Control-Allow-Origin: https://evil.example',
      'access-control-allow-credentials: true',
      'Access-Control-Expose-Headers: X-Kept',
      'X-Kept: 1',
      '',
      'ok',
    ].join('\r\n'),
  );
  const answer = await ask();
  expect([answer.status, answer.body]).toEqual([200, 'ok']);
  expect(answer.head).toMatch(/x-kept: 1/i);
  expect(answer.head).not.toMatch(/service-worker|access-control/i);
});
