// The limits on the way to the EHR: each person's share of its connections, the queue for them, and the wait for a patient
// selection that is still in flight.

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../support/demo-story.ts';
import { header } from '../support/raw-connection.ts';
import type { RawConnection } from '../support/raw-connection.ts';
import { answerOk, answerRaw } from '../support/wire-ehr.ts';
import type { WireRequest } from '../support/wire-ehr.ts';
import { wireStory } from '../support/wire-story.ts';
import type { WireStory } from '../support/wire-story.ts';

let wire: WireStory;
let held: WireRequest[] = [];
const opened: RawConnection[] = [];

beforeAll(async () => {
  wire = await wireStory({
    gatewayLines: [
      'limits: { selectionWait: 1s, upstreamConnections: 4, upstreamConnectionsPerPerson: 2, upstreamQueue: 2, drain: 1s }',
    ],
    wireLines: ['sessionCookie: SID'],
    wireRules: [
      '{ name: pick, application: wire, paths: ["/pick"], patient: query.pid, selectsPatient: query.pid, allow: everyone }',
      '{ name: chart, application: wire, paths: ["/chart"], patient: session, allow: everyone }',
    ],
  });
});
afterAll(async () => wire.close());
afterEach(async () => {
  wire.ehr.answer = answerOk;
  for (const request of held) answerOk(request);
  held = [];
  for (const connection of opened.splice(0)) await connection.close();
  await expect.poll(load).toEqual({ running: 0, waiting: 0 });
});

async function open(): Promise<RawConnection> {
  const connection = await wire.open();
  opened.push(connection);
  return connection;
}

async function load(): Promise<{ running: number; waiting: number }> {
  const { text } = await wire.demo.gateway.composed.metrics.text();
  const of = (name: string): number => Number(new RegExp(`^${name} (\\d+)`, 'm').exec(text)?.[1] ?? Number.NaN);
  return { running: of('wardgate_upstream_running'), waiting: of('wardgate_upstream_waiting') };
}

describe('the way to the EHR', () => {
  const headOf = (cookie: string, path: string): string =>
    `GET ${path} HTTP/1.1\r\nHost: ${wire.host}\r\nCookie: ${cookie}\r\nAccept: application/json\r\n\r\n`;
  const send = async (cookie: string, path: string): Promise<RawConnection> => (await open()).send(headOf(cookie, path));

  test('two of one person run, one waits, the next is busy; another person still has room; leaving the queue makes room', async () => {
    wire.ehr.answer = (request) => void held.push(request);
    const running = [await send(wire.cookie, '/a1'), await send(wire.cookie, '/a2')];
    await expect.poll(load).toMatchObject({ running: 2 });
    const waits = await send(wire.cookie, '/a3');
    await expect.poll(load).toMatchObject({ waiting: 1 });
    const busy = await (await send(wire.cookie, '/a4')).answered();
    expect(busy.status).toBe(503);
    expect(header(busy, 'retry-after')).toBe('5');

    const others = [await send(wire.otherCookie, '/b1'), await send(wire.otherCookie, '/b2')];
    await expect.poll(load).toMatchObject({ running: 4 });
    const otherWaits = await send(wire.otherCookie, '/b3');
    await expect.poll(load).toMatchObject({ waiting: 2 });
    expect((await (await send(wire.otherCookie, '/b4')).answered()).status).toBe(503);

    await waits.close();
    await expect.poll(load).toMatchObject({ waiting: 1 });
    expect(held.map(({ line }) => line).toSorted()).toEqual(['/a1', '/a2', '/b1', '/b2'].map((path) => `GET ${path} HTTP/1.1`));

    wire.ehr.answer = answerOk;
    for (const request of held.splice(0)) answerOk(request);
    for (const connection of [...running, ...others, otherWaits]) expect((await connection.answered()).status).toBe(200);
    expect(wire.ehr.requests.some(({ line }) => line.includes('/a3') || line.includes('/a4') || line.includes('/b4'))).toBe(
      false,
    );
  });

  test('a request that leans on a patient selection in flight waits for it, and only so long', async () => {
    wire.ehr.answer = answerRaw('HTTP/1.1 200 OK\r\nSet-Cookie: SID=1\r\nContent-Length: 2\r\n\r\nok');
    expect((await (await send(wire.cookie, '/first')).answered()).status).toBe(200);
    const cookie = `${wire.cookie}; SID=1`;
    wire.ehr.answer = (request) => void held.push(request);
    await send(cookie, '/pick?pid=7');
    await eventually(() => held.length === 1, 'the selection to be in flight');
    const late = await (await send(cookie, '/chart')).answered();
    expect(late.status).toBe(400);
    expect(late.body).toContain('patient-ambiguous');
    const inTime = await send(cookie, '/chart?soon');
    wire.ehr.answer = answerOk;
    for (const request of held.splice(0)) answerOk(request);
    expect((await inTime.answered()).status).toBe(200);
    expect(wire.ehr.requests.filter(({ line }) => line.startsWith('GET /chart')).map(({ line }) => line)).toEqual([
      'GET /chart?soon HTTP/1.1',
    ]);
    const attempt = wire.records().findLast((one) => one['event'] === 'attempt' && String(one['target']).startsWith('/chart'));
    expect(attempt).toMatchObject({ patient: '7', patientSource: 'session' });
  });
});
