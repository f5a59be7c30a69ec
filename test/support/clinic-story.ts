// What longer stories share: people who sign in by a clock of the story's own, requests in the shapes that browsers send,
// a gateway that is stopped and started again, and rules short enough to be read beside a test.

import { request } from 'node:http';
import { join } from 'node:path';
import { generateSync } from 'otplib';
import { expect } from 'vitest';
import { loadConfiguration } from '../../src/config/load.ts';
import { startGateway } from '../../src/main.ts';
import type { Gateway } from '../../src/main.ts';
import type { Clock } from '../../src/ports.ts';
import type { Demo } from '../../src/cli/start-demo.ts';
import { CookieClient } from './cookie-client.ts';
import type { Ask, Reply } from './cookie-client.ts';
import { records } from './demo-story.ts';
import { silentLog } from './silent-log.ts';

/** The roles of the demo's people, for rules of one's own. */
export const roleLines = `roles:
  physician: Clinic-Physicians
  nurse: Clinic-Nurses
  front-desk: Clinic-FrontDesk
  billing: Clinic-Billing
  records: Clinic-Records
  privacy: Clinic-Privacy
  it: Clinic-IT
`;

const scriptHeaders = {
  accept: 'application/json, */*',
  'sec-fetch-mode': 'cors',
  'sec-fetch-dest': 'empty',
  'sec-fetch-site': 'same-origin',
};

/** A request as a script of the page sends it. */
export function script(client: CookieClient, url: string, ask: Ask = {}): Promise<Reply> {
  return client.ask(url, { ...ask, headers: { ...scriptHeaders, ...ask.headers } });
}

/** What a refusal told a script. */
export function problemOf(reply: Reply): Record<string, unknown> {
  return JSON.parse(reply.text) as Record<string, unknown>;
}

/** The code of the story's moment. */
export function codeAt(demo: Demo, name: string, clock: Clock): string {
  const secret = demo.personas.find((persona) => persona.name === name)?.totpSecret;
  if (typeof secret !== 'string') throw new Error(`Persona "${name}" has no second factor`);
  return generateSync({ secret, epoch: Math.floor(clock.now() / 1000) });
}

/** Signs in by the story's clock, in a new browser or the one given. The last page is the one that was asked for. */
export async function arrive(
  demo: Demo,
  name: string,
  clock: Clock,
  client = new CookieClient(),
  path = '/main',
): Promise<CookieClient> {
  const challenge = await client.page(`${demo.origin}/.wardgate/sign-in?login_hint=${name}&return=${encodeURIComponent(path)}`);
  const arrived = await client.form(challenge.url, { code: codeAt(demo, name, clock) });
  if (arrived.url.includes('/.wardgate/')) throw new Error(`Signing in as ${name} ended at ${arrived.url}: ${arrived.text}`);
  return client;
}

/** The gateway's session cookie in this browser, or undefined. */
export function sessionCookie(client: CookieClient, demo: Demo): string | undefined {
  return client.jar.get(new URL(demo.origin).host)?.get('wardgate');
}

/** A browser that holds the given cookies for the gateway and nothing else. */
export function browserWith(demo: Demo, cookies: Readonly<Record<string, string>>): CookieClient {
  const client = new CookieClient();
  client.jar.set(new URL(demo.origin).host, new Map(Object.entries(cookies)));
  return client;
}

/** Runs `act` and expects that no request reached the EHR meanwhile. */
export async function withoutTheEhr<T>(demo: Demo, act: () => Promise<T>): Promise<T> {
  const before = demo.ehr.requests().length;
  const result = await act();
  expect(demo.ehr.requests().slice(before)).toEqual([]);
  return result;
}

/** Expects a refusal with this reason, and that the EHR saw nothing of the request. */
export async function expectRefused(demo: Demo, act: () => Promise<Reply>, status: number, reason: string): Promise<Reply> {
  const reply = await withoutTheEhr(demo, act);
  expect({ status: reply.status, reason: problemOf(reply)['reason'] }).toEqual({ status, reason });
  return reply;
}

/** A form sent without its length, in the given pieces. */
export function inPieces(client: CookieClient, url: string, type: string, pieces: readonly string[]): Promise<Reply> {
  const { hostname, port, pathname, search } = new URL(url);
  const headers = { ...scriptHeaders, cookie: client.cookieHeader(url), 'content-type': type, 'transfer-encoding': 'chunked' };
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: hostname, port, path: pathname + search, method: 'POST', headers, agent: false },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject);
        incoming.on('end', () => {
          const body = Buffer.concat(chunks);
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            rawHeaders: incoming.rawHeaders,
            body,
            text: body.toString('utf8'),
            url,
          });
        });
      },
    );
    outgoing.on('error', reject);
    for (const piece of pieces) outgoing.write(piece);
    outgoing.end();
  });
}

/** The status with which a WebSocket handshake is answered; 101 closes it again at once. */
export function handshake(client: CookieClient, url: string): Promise<number> {
  const { hostname, port, pathname, search, origin } = new URL(url);
  const headers = {
    cookie: client.cookieHeader(url),
    origin,
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  };
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: hostname, port, path: pathname + search, headers, agent: false });
    outgoing.on('upgrade', (reply, socket) => {
      socket.destroy();
      resolve(reply.statusCode ?? 0);
    });
    outgoing.on('response', (reply) => {
      reply.resume();
      resolve(reply.statusCode ?? 0);
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

/** Stops the gateway and starts it again on the same files, as after an update of the machine. */
export async function restart(demo: Demo, running: Gateway, clock?: Clock): Promise<Gateway> {
  await running.close();
  const loaded = await loadConfiguration(join(demo.directory, 'gateway.yaml'));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.mistakes));
  return startGateway(loaded.configuration, silentLog, clock);
}

/** The records of one kind, in order. */
export function recordsOf(demo: Pick<Demo, 'auditDirectory'>, event: string): Record<string, unknown>[] {
  return records(demo).filter((record) => record['event'] === event);
}

/** Changes of rules and settings. How long records are kept is configuration too, and told whenever its thread has looked. */
export function rulesChanges(demo: Parameters<typeof recordsOf>[0]): ReturnType<typeof recordsOf> {
  return recordsOf(demo, 'configuration').filter((one) => 'policy' in one);
}
