// A second SIGTERM, as an impatient operator or supervisor sends it, met no handler any more: Node ended the process at once,
// with records of the last moment unwritten and without the record of the stop. And what a drain cut at its end had its
// outcome appended after the log had closed. Now a second signal hurries the drain, and the record is whole in each case.

import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { verify } from '../support/audit-log.ts';
import { clinic } from '../support/clinic.ts';
import type { Clinic } from '../support/clinic.ts';
import { command, endCommands, gatewayProcess } from '../support/command.ts';
import { eventually, records, seenByEhr } from '../support/demo-story.ts';
import { enrol } from '../support/enrol.ts';

const script = { accept: '*/*', 'sec-fetch-mode': 'cors' };
let place: Clinic;

beforeAll(async () => {
  place = await clinic();
});
afterEach(endCommands);
afterAll(async () => place.close());

test('a second SIGTERM cuts what runs at once, and every outcome is still recorded before the stop', async () => {
  const gateway = await gatewayProcess(place.file);
  const nurse = (await enrol(place.origin, 'newcomer')).client;
  const slow = nurse.ask(`${place.origin}/slow?seconds=100`, { headers: script }).catch((cause: unknown) => cause);
  const headers = { ...script, cookie: nurse.cookieHeader(place.origin) };
  const download = await new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = request(`${place.origin}/files/large?megabytes=4000&length=unknown`, { headers, agent: false }, resolve);
    outgoing.on('error', reject).end();
  });
  const cut = new Promise((resolve) => download.on('error', resolve).resume());
  await eventually(() => seenByEhr(place, '/slow?seconds=100') === 1, 'the slow page');
  gateway.child.kill('SIGTERM');
  await eventually(() => gateway.stdout().includes('The gateway is closing'), 'the gateway to close');
  expect(await gateway.end('SIGTERM')).toEqual({ code: 0, signal: null });
  expect(await slow).toMatchObject({ code: 'ECONNRESET' });
  expect(await cut).toMatchObject({ code: 'ECONNRESET' });
  const all = records(place);
  expect(all.at(-1)).toMatchObject({ event: 'stop' });
  const ids = (event: string) => all.filter((one) => one['event'] === event && /slow|large/.test(String(one['target']))).map((one) => one['request']); // prettier-ignore
  expect(ids('attempt')).toHaveLength(2);
  expect(ids('outcome')).toHaveLength(2);
  expect(new Set(ids('outcome'))).toEqual(new Set(ids('attempt')));
  expect(await verify(place.auditDirectory)).toMatchObject({ sound: true, flaw: null });
});

test('the demo ends on the first signal, and at once on the second', { timeout: 60_000 }, async () => {
  const demo = command(['demo', '--port', '0', '--json']);
  const { gateway: origin, audit } = JSON.parse(
    await eventually(() => /\{.*\}\n/.exec(demo.stdout())?.[0], 'the demo', 20_000),
  ) as {
    gateway: string;
    audit: string;
  };
  expect(
    (await fetch(`${origin}/main`, { redirect: 'manual', headers: { accept: 'text/html', 'sec-fetch-dest': 'document' } }))
      .status,
  ).toBe(303);
  demo.child.kill('SIGINT');
  expect(await demo.end('SIGINT')).toEqual({ code: 0, signal: null });
  expect(records({ auditDirectory: audit }).at(-1)).toMatchObject({ event: 'stop' });
});
