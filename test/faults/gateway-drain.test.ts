// Stopping: people in the middle of something finish it, nobody new comes in, live connections are told, and the record
// ends with the stop. What a second
// signal does stands in test/regressions.

import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { verify } from '../support/audit-log.ts';
import { clinic } from '../support/clinic.ts';
import type { Clinic } from '../support/clinic.ts';
import { endCommands, gatewayProcess } from '../support/command.ts';
import type { Command } from '../support/command.ts';
import type { CookieClient } from '../support/cookie-client.ts';
import { eventually, records, seenByEhr } from '../support/demo-story.ts';
import { enrol } from '../support/enrol.ts';

const script = { accept: '*/*', 'sec-fetch-mode': 'cors' };
const megabyte = 1024 * 1024;

let place: Clinic;
let gateway: Command;
let nurse: CookieClient;

beforeAll(async () => {
  place = await clinic();
  gateway = await gatewayProcess(place.file);
  nurse = (await enrol(place.origin, 'newcomer')).client;
  await gateway.end();
});
beforeEach(async () => {
  gateway = await gatewayProcess(place.file);
});
afterEach(endCommands);
afterAll(async () => place.close());

/** Begins a download and leaves it unread after the headers. */
function beginDownload(path: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { ...script, cookie: nurse.cookieHeader(place.origin) };
    const outgoing = request(place.origin + path, { headers, agent: false }, (reply) => resolve(reply.pause()));
    outgoing.on('error', reject).end();
  });
}

async function bytesOf(reply: IncomingMessage): Promise<number> {
  let bytes = 0;
  for await (const chunk of reply as AsyncIterable<Buffer>) bytes += chunk.length;
  return bytes;
}

function openLine(): Promise<WebSocket> {
  const line = new WebSocket(`${place.origin.replace('http', 'ws')}/ws/messages`, {
    headers: { cookie: nurse.cookieHeader(place.origin), origin: place.origin },
  });
  return new Promise((resolve, reject) => {
    line.once('message', () => resolve(line)).once('error', reject);
  });
}

const closeCode = (line: WebSocket): Promise<number> => new Promise((resolve) => line.once('close', resolve));

async function ready(): Promise<number | 'refused'> {
  try {
    return (await fetch(`http://127.0.0.1:${place.healthPort}/readyz`)).status;
  } catch {
    return 'refused';
  }
}

function canConnect(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port: place.port, host: '127.0.0.1' }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

const ofThisRun = () => {
  const all = records(place);
  return all.slice(all.findLastIndex((one) => one['event'] === 'start'));
};

test('SIGTERM lets a slow page and a download finish, tells WebSockets, and ends with the record of the stop', async () => {
  const slow = nurse.ask(`${place.origin}/slow?seconds=2`, { headers: script });
  const line = await openLine();
  const told = closeCode(line);
  const download = await beginDownload('/files/large?megabytes=20&length=unknown');
  await eventually(() => seenByEhr(place, '/slow') === 1, 'the slow page');
  await eventually(async () => (await ready()) === 200, 'it to be ready');

  const ended = gateway.end('SIGTERM');
  await eventually(() => gateway.stdout().includes('The gateway is closing'), 'the gateway to close');
  expect(await ready()).toBe(503);
  expect(await canConnect()).toBe(false);
  expect(await told).toBe(1001);
  expect(await bytesOf(download)).toBe(20 * megabyte);
  const page = await slow;
  expect(page.status).toBe(200);
  expect(page.text).toContain('This took 2 seconds');
  expect(page.headers.connection).toBe('close');

  expect(await ended).toEqual({ code: 0, signal: null });
  const run = ofThisRun();
  expect(run.at(-1)).toMatchObject({ event: 'stop' });
  const outcomes = run.filter((one) => one['event'] === 'outcome');
  const paths = outcomes.map((one) => String(one['target']).split('?', 1)[0]);
  expect(new Set(paths)).toEqual(new Set(['/files/large', '/slow', '/ws/messages']));
  expect(paths).toHaveLength(3);
  expect(await verify(place.auditDirectory)).toMatchObject({ sound: true, flaw: null });
});

test('a browser that keeps its connection open and busy does not keep the gateway from ending', async () => {
  const slow = nurse.ask(`${place.origin}/slow?seconds=1`, { headers: script });
  await eventually(() => seenByEhr(place, '/slow?seconds=1') === 1, 'the slow page');
  const socket = connect({ port: place.port, host: '127.0.0.1' });
  let heard = '';
  socket.on('data', (chunk: Buffer) => (heard += chunk.toString('latin1')));
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.on('error', () => undefined);
  const ask = (): void => {
    if (socket.writable) {
      socket.write(
        `GET /main HTTP/1.1\r\nhost: localhost:${place.port}\r\naccept: */*\r\ncookie: ${nurse.cookieHeader(place.origin)}\r\n\r\n`,
      );
    }
  };
  const busy = setInterval(ask, 5);
  await eventually(() => heard.includes('200 OK'), 'the first answer');
  const ended = gateway.end('SIGTERM');
  await closed;
  clearInterval(busy);
  expect((await slow).status).toBe(200);
  expect(await ended).toEqual({ code: 0, signal: null });
});

test('what has not finished when the time is over is cut, and its outcome recorded', async () => {
  await gateway.end();
  const text = readFileSync(place.file, 'utf8');
  const hasty = join(place.directory, 'hasty.yaml');
  writeFileSync(hasty, `${text}limits: { drain: 1s }\n`);
  gateway = await gatewayProcess(hasty);
  const slow = nurse.ask(`${place.origin}/slow?seconds=99`, { headers: script }).catch((cause: unknown) => cause);
  await eventually(() => seenByEhr(place, '/slow?seconds=99') === 1, 'the slow page');
  expect(await gateway.end('SIGTERM')).toEqual({ code: 0, signal: null });
  expect(await slow).toMatchObject({ code: 'ECONNRESET' });
  expect(ofThisRun().map((one) => one['event'])).toEqual(['start', 'configuration', 'attempt', 'outcome', 'stop']);
});

test('sessions outlive a restart', async () => {
  expect((await nurse.ask(`${place.origin}/main`, { headers: script })).status).toBe(200);
  expect(await gateway.end('SIGTERM')).toEqual({ code: 0, signal: null });
});
