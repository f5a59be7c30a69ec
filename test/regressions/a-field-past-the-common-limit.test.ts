// The story: a rule permitted drafts to everybody and sending to few, told apart by a field of the form. Tomcat counts the
// fields of address and form together and drops those past its limit, and the gateway counted each place for itself. One
// field in the address and a thousand in the form, the last of them "draft": the rule saw a draft, Tomcat saw none, and sent.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { askMany } from '../support/ask-many.ts';
import { startSessionGateway } from '../support/session-gateway.ts';
import type { SessionGateway } from '../support/session-gateway.ts';

let place: SessionGateway;
const cookies = new Map<string, string>();

const applications = { strict: ['parameters: strict'], java: ['parameters: java'], php: ['parameters: php'] };

beforeAll(async () => {
  place = await startSessionGateway({
    applications,
    rules: Object.keys(applications).flatMap((name) => [
      `{ name: ${name}-draft, application: ${name}, paths: [/letter], methods: POST, when: { form: { draft: present } }, allow: everyone }`,
      `{ name: ${name}-send, application: ${name}, paths: [/letter], methods: POST, allow: it }`,
    ]),
  });
  for (const name of Object.keys(applications)) cookies.set(name, await place.cookieFor('nurse', name));
});

afterAll(() => place.close());

async function post(
  application: string,
  query: string,
  body: string,
): Promise<readonly [status: number | undefined, forwarded: number]> {
  const before = place.ehr.requests.length;
  const head = [
    `POST /letter${query} HTTP/1.1`,
    `Host: ${place.host(application)}`,
    `Cookie: ${cookies.get(application) ?? ''}`,
    'Accept: application/json',
    'Content-Type: application/x-www-form-urlencoded',
    `Content-Length: ${body.length}`,
  ];
  const [answer] = await askMany(place.gateway.port, [[...head, '', body].join('\r\n')]);
  return [answer?.status, place.ehr.requests.length - before];
}

const fields = (count: number): string => 'a=1&'.repeat(count);

test.each(['strict', 'java'])('%s: a field past the limit of both places together is refused', async (application) => {
  expect(await post(application, '?b=1', `${fields(999)}draft=1`)).toEqual([400, 0]);
  expect(await post(application, `?${fields(600)}`, `${fields(600)}draft=1`)).toEqual([400, 0]);
  expect(await post(application, '?b=1', `${fields(998)}draft=1`)).toEqual([200, 1]);
  expect(await post(application, '', `${fields(999)}draft=1`)).toEqual([200, 1]);
});

test('php: each place has a limit of its own', async () => {
  expect(await post('php', '?b=1', `${fields(999)}draft=1`)).toEqual([200, 1]);
  expect(await post('php', '?b=1', `${fields(1000)}draft=1`)).toEqual([400, 0]);
});
