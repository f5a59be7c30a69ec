import { afterAll, beforeAll, expect, test } from 'vitest';
import { wireStory } from '../support/wire-story.ts';
import type { WireStory } from '../support/wire-story.ts';
import { answerRaw } from '../support/wire-ehr.ts';
let wire: WireStory;
beforeAll(async () => { wire = await wireStory({gatewayLines: ['limits: { body: 1MB, drain: 1s }']}); });
afterAll(async () => wire.close());
const wait = (n: number) => new Promise(r=>setTimeout(r,n));
test('big declared', async () => {
  const c = await wire.open();
  c.send(wire.head('POST /x', 'Content-Length: 30000000'));
  for (let i=0;i<30;i++) c.send('x'.repeat(1000000));
  await wait(1500);
  console.log(c.received.slice(0,100), c.closed);
});
test('big chunked', async () => {
  const c = await wire.open();
  c.send(wire.head('POST /x', 'Transfer-Encoding: chunked'));
  for (let i=0;i<3;i++) c.send('f4240\r\n'+'x'.repeat(1000000)+'\r\n');
  await wait(1500);
  console.log(c.received.slice(0,100), c.closed, wire.records().at(-1));
});
test('early', async () => {
  wire.ehr.answer = answerRaw('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
  const c = await wire.open();
  c.send(wire.head('POST /x', 'Content-Length: 500000')+'x'.repeat(1000));
  await wait(800);
  console.log(c.received.slice(0,300), c.closed, wire.records().at(-1));
  c.send('x'.repeat(499000)+wire.head('GET /after'));
  await wait(800);
  console.log(c.received.slice(300), c.closed);
});
test('slow own form', async () => {
  const c = await wire.open();
  c.send(`POST /.wardgate/sign-out HTTP/1.1\r\nHost: ${wire.host}\r\nCookie: ${wire.cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\na=b`);
  await wait(12000);
  console.log(c.received.slice(0,300), c.closed);
});
