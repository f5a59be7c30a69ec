// Somebody works in the EHR through one gateway and in a real PACS through the other: one sign-in, one budget and one end, whichever
// gateway hears of it first.

import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectAccounted } from '../support/accounted.ts';
import { askOnce, isOut } from '../support/at-work.ts';
import { keptAt } from '../support/both-at-work.ts';
import { endCommands } from '../support/command.ts';
import type { CookieClient } from '../support/cookie-client.ts';
import { eventually } from '../support/demo-story.ts';
import { startPacs } from '../support/ehr-and-pacs.ts';
import type { Pacs } from '../support/ehr-and-pacs.ts';
import { requirement } from '../support/requirements.ts';
import { twoGateways } from '../support/two-gateways.ts';
import type { TwoGateways } from '../support/two-gateways.ts';

const orthanc = requirement('orthanc');
const available = orthanc.available && requirement('postgres').available && requirement('redis').available;

let pacs: Pacs;
let two: TwoGateways;
let ehrPage = '';
let pacsPage = '';

beforeAll(async () => {
  if (!available) return;
  pacs = await startPacs(orthanc.path ?? '');
  two = await twoGateways(pacs.options);
  ehrPage = `${two.origin}/main`;
  pacsPage = `${two.secondOrigin}/system`;
});
afterAll(async () => {
  await endCommands();
  if (!available) return;
  await two.close();
  await pacs.close();
});

/** In the EHR at A, and then in the PACS at B. */
async function atBoth(name: string): Promise<CookieClient> {
  const client = await two.signIn(two.a, name);
  client.via.set(new URL(two.secondOrigin).host, two.b.port);
  await eventually(async () => (await two.b.ready()).status === 200, 'B to be ready');
  const arrived = await client.page(`${two.secondOrigin}/app/explorer.html`);
  expect([arrived.status, arrived.url]).toEqual([200, `${two.secondOrigin}/app/explorer.html`]);
  return client;
}

/** Begun, and then standing still. */
async function runningAtPacs(client: CookieClient): Promise<IncomingMessage> {
  const headers = { host: new URL(two.secondOrigin).host, cookie: client.cookieHeader(two.secondOrigin) };
  pacs.cable.weather({ bytesPerSecond: 50_000 });
  const reply = await new Promise<IncomingMessage>((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: two.b.port, path: pacs.file, headers, agent: false }, resolve);
    asked.on('error', reject).end();
  });
  reply.on('error', () => undefined);
  await new Promise((resolve) => reply.once('data', resolve));
  pacs.cable.weather({ held: ['down'] });
  return reply;
}

const copyOf = (client: CookieClient): CookieClient => {
  const copy = keptAt(two, two.a, client);
  copy.via.set(new URL(two.secondOrigin).host, two.b.port);
  return copy;
};

test.skipIf(!available)('the console at A ends the EHR there and what runs from the PACS at B', async () => {
  const client = await atBoth('physician');
  const running = await runningAtPacs(client);
  const over = new Promise((resolve) => running.once('close', resolve));
  const officer = await two.signIn(two.a, 'security');
  const sessions = `${two.origin}/.wardgate/console/sessions`;
  const { text } = await officer.page(sessions);
  const rows = text.split('<tr').filter((row) => row.includes('(physician)'));
  const atEhr = rows.find((row) => /data-head="Application">\s*ehr\s*</.test(row)) ?? '';
  expect(rows).toHaveLength(2);
  const reference = /name="reference" value="([^"]+)"/.exec(atEhr)?.[1] ?? '';
  const ended = await officer.form(sessions, { reference, because: 'A leaver' }, { 'sec-fetch-site': 'same-origin' });
  expect(ended.text).toMatch(/The session has ended|not yet confirmed for the other gateways/);
  await over;
  expect(running.complete).toBe(false);
  pacs.cable.weather();
  await isOut(client, ehrPage);
  await isOut(client, pacsPage);
  await expectAccounted(two.ehr.requests(), ...two.auditDirectories);
});

test.skipIf(!available)('a file from the PACS at B is missing at the EHR at A, and a sign-out at B ends A', async () => {
  const client = await atBoth('records');
  expect((await askOnce(client, two.secondOrigin + pacs.file)).status).toBe(200);
  expect((await askOnce(client, `${two.origin}/documents/file?pid=7&doc=1`)).status).toBe(200);
  expect((await askOnce(client, `${two.origin}/documents/file?pid=7&doc=2`)).status).toBe(429);
  const [study = ''] = await pacs.orthanc.list('studies');
  expect((await askOnce(client, `${two.secondOrigin}/studies/${study}/archive`)).status).toBe(429);
  const kept = copyOf(client);
  await client.form(`${two.secondOrigin}/.wardgate/sign-out`, {});
  await isOut(kept, ehrPage);
  await isOut(kept, pacsPage);
  await expectAccounted(two.ehr.requests(), ...two.auditDirectories);
});
