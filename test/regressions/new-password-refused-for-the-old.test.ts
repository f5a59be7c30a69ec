// A person entered their new EHR password while a slow request was still on its way with the old one. The EHR refused the
// old one, and the gateway marked what was stored by then: the new password, which the EHR had just taken.

import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventually } from '../support/demo-story.ts';
import { formEhrGateway } from '../support/form-ehr-gateway.ts';
import type { FormEhrGateway } from '../support/form-ehr-gateway.ts';

const old = 'the-old-password';
let house: FormEhrGateway;
let seen: { readonly line: string; readonly password: string }[] = [];
let slow: ServerResponse | null = null;
let taken = old;

const server = createServer((request, response) => {
  const [, encoded = ''] = (request.headers.authorization ?? '').split(' ');
  const [, password = ''] = Buffer.from(encoded, 'base64').toString().split(':');
  seen.push({ line: `${request.method} ${request.url}`, password });
  if (request.url === '/slow') slow = response;
  else if (password === taken) response.end('chart');
  else response.writeHead(401, { 'www-authenticate': 'Basic realm="EHR"' }).end();
});

beforeEach(async () => {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  house = await formEhrGateway('own-password', {}, { preset: null, upstream: `http://127.0.0.1:${port}` });
  [seen, slow, taken] = [[], null, old];
});

afterEach(async () => {
  await house.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

test('a late refusal of the old password leaves the new one alone; a refusal of the one in use is the last try', async () => {
  const desk = await house.desk('nurse');
  await house.knows('nurse', old);
  const late = desk.script('/slow');
  await eventually(() => slow, 'the slow request');
  taken = 'the-new-password';
  await house.knows('nurse', taken);
  slow?.writeHead(401, { 'www-authenticate': 'Basic realm="EHR"' }).end();
  expect([(await late).reason, (await late).headers['www-authenticate']]).toEqual(['ehr-credential-refused', undefined]);
  expect((await desk.script('/chart')).text).toBe('chart');
  expect(seen.at(-1)).toEqual({ line: 'GET /chart', password: taken });
  taken = 'changed at the EHR';
  for (let times = 0; times < 3; times += 1)
    expect([(await desk.script('/more')).status, (await desk.script('/more')).reason]).toEqual([403, 'ehr-credential-refused']);
  expect(seen.filter(({ line }) => line === 'GET /more').length).toBe(1);
});
