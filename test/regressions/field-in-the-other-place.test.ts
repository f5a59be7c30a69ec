// The story: a rule asked for a field of the form, and somebody put that field into the address; or a rule asked for one of
// the address, and somebody put it into the form. The condition missed, a wider rule behind it let the request pass, and
// the EHR, whose getParameter or $_REQUEST takes a field from either place, did what the first rule should have refused.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { askMany } from '../support/ask-many.ts';
import { startSessionGateway } from '../support/session-gateway.ts';
import type { SessionGateway } from '../support/session-gateway.ts';

let place: SessionGateway;

const applications = { strict: ['parameters: strict'], java: ['parameters: java'], php: ['parameters: php'] };

beforeAll(async () => {
  place = await startSessionGateway({
    applications,
    rules: Object.keys(applications).flatMap((name) => [
      `{ name: ${name}-send, application: ${name}, paths: [/letter], methods: POST, when: { form: { send: present } }, allow: it }`,
      `{ name: ${name}-letter, application: ${name}, paths: [/letter], methods: [GET, POST], allow: everyone }`,
      `{ name: ${name}-export, application: ${name}, paths: [/report], methods: [GET, POST], when: { query: { export: present } }, allow: it }`,
      `{ name: ${name}-report, application: ${name}, paths: [/report], methods: [GET, POST], allow: everyone }`,
    ]),
  });
});

afterAll(() => place.close());

async function post(
  application: string,
  target: string,
  body: string,
  type = 'application/x-www-form-urlencoded',
): Promise<readonly [status: number | undefined, forwarded: number]> {
  const before = place.ehr.requests.length;
  const cookie = await place.cookieFor('nurse', application);
  const head = [
    `POST ${target} HTTP/1.1`,
    `Host: ${place.host(application)}`,
    `Cookie: ${cookie}`,
    'Accept: application/json',
    `Content-Type: ${type}`,
    `Content-Length: ${body.length}`,
  ];
  const [answer] = await askMany(place.gateway.port, [[...head, '', body].join('\r\n')]);
  return [answer?.status, place.ehr.requests.length - before];
}

test.each(Object.keys(applications))('%s: a field of the form that stands in the address is refused', async (application) => {
  expect(await post(application, '/letter?send=1', 'text=x')).toEqual([400, 0]);
  expect(await post(application, '/letter', 'text=x')).toEqual([200, 1]);
});

test.each(['strict', 'java'])('%s: a field of the address that stands in the form is refused', async (application) => {
  expect(await post(application, '/report', 'export=1')).toEqual([400, 0]);
  expect(await post(application, '/report', `${'x'.repeat(70_000)}&export=1`)).toEqual([413, 0]);
  expect(await post(application, '/report', 'month=5')).toEqual([200, 1]);
  expect(await post(application, '/report', '{"month":5}', 'application/json')).toEqual([200, 1]);
});

test('php: the address is $_GET, and what stands in the form is another field', async () => {
  expect(await post('php', '/report', 'export=1')).toEqual([200, 1]);
});
