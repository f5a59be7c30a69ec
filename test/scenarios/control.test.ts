// How a command asks the running gateway: a real gateway, the real command in a process of its own, and what anybody else
// may try at the socket.

import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, expect, onTestFinished, test } from 'vitest';
import { loadConfiguration } from '../../src/config/load.ts';
import { startGateway } from '../../src/main.ts';
import type { Gateway } from '../../src/main.ts';
import type { OperationsLog } from '../../src/ports.ts';
import { clinic, openGateway } from '../support/clinic.ts';
import type { Clinic } from '../support/clinic.ts';
import { command, endCommands, gatewayProcess } from '../support/command.ts';
import { eventually, records, signIn } from '../support/demo-story.ts';
import { silentLog } from '../support/silent-log.ts';
import { FakeLog } from '../support/fake-ports.ts';

const place: Clinic = await clinic();
const socket = join(place.directory, 'data', 'control.sock');

afterEach(endCommands);
afterAll(() => place.close());

async function user(...args: string[]) {
  const ran = command(['user', ...args, '--config', place.file]);
  const { code } = await ran.ended;
  return { code, out: ran.stdout(), err: ran.stderr() };
}

/** The gateway once more, on the data of the tests before. */
async function open(log: OperationsLog = silentLog): Promise<Gateway> {
  const loaded = await loadConfiguration(place.file);
  if (!loaded.ok) throw new Error('The configuration is not sound');
  const gateway = await startGateway(loaded.configuration, log);
  onTestFinished(gateway.close);
  return gateway;
}

const orders = () => records(place).filter(({ event }) => event === 'order');

test('without a gateway the command says so', async () => {
  const { code, out, err } = await user('list');
  expect([code, out, err]).toEqual([1, '', expect.stringMatching(/^No gateway runs on ".*data": start it/)]);
});

test('a command is answered by the running gateway, and is on record first', async () => {
  const gateway = await openGateway(place);
  onTestFinished(gateway.close);
  expect(statSync(socket).mode & 0o777).toBe(0o600);
  await signIn(place, 'nurse');
  const { code, out } = await user('list', '--json');
  const { people } = JSON.parse(out) as { people: { name: string | null; sub: string; seenAt: string | null }[] };
  expect([code, people.find(({ sub }) => sub === 'nurse')]).toEqual([
    0,
    expect.objectContaining({ name: 'nurse', seenAt: expect.stringMatching(/^\d{4}-/) as string }),
  ]);
  // Whoever was enrolled without ever signing in is known by the provider's own name.
  expect(people.filter(({ name }) => name === null).length).toBeGreaterThan(0);
  expect(orders().at(-1)).toMatchObject({
    decision: 'allowed',
    detail: expect.stringMatching(/^"user list" by operating-system user ".+"$/) as string,
  });
  expect((await user('list')).out).toMatch(/^nurse {2,}\S/m);
  await gateway.close();
  expect(existsSync(socket)).toBe(false);
});

test('the socket of a gateway that was killed is replaced', async () => {
  const killed = await gatewayProcess(place.file);
  await killed.end('SIGKILL');
  expect(existsSync(socket)).toBe(true);
  expect((await user('list')).err).toMatch(/^No gateway runs on /);
  await open();
  expect((await user('list')).code).toBe(0);
});

test.each([
  ['a file', () => writeFileSync(socket, ''), () => rmSync(socket)],
  ['a directory', () => mkdirSync(socket), () => rmSync(socket, { recursive: true })],
])('%s in the way is left alone, and the gateway opens and says so', async (_what, put, clear) => {
  put();
  const log = new FakeLog();
  const gateway = await open(log);
  expect(JSON.stringify(log.said)).toContain('is in the way of the gateway');
  expect(await (await fetch(`http://127.0.0.1:${place.healthPort}/readyz`)).text()).toContain(
    'commands cannot reach this gateway',
  );
  await gateway.close();
  expect(existsSync(socket)).toBe(true);
  clear();
});

test('a socket that answers is never replaced', async () => {
  const other = createServer((one) => one.destroy()).listen(socket);
  await eventually(() => existsSync(socket), 'the other to listen');
  const log = new FakeLog();
  const gateway = await open(log);
  expect(JSON.stringify(log.said)).toContain('Another gateway answers');
  await gateway.close();
  expect(existsSync(socket)).toBe(true);
  await new Promise((resolve) => other.close(resolve));
});

test('a second gateway on the same data takes nothing from the first', async () => {
  await open();
  const second = command(['start', '--config', place.file]);
  expect((await second.ended).code).toBe(1);
  expect((await user('list')).code).toBe(0);
});
