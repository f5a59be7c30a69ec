// The way to the EHR breaks, over a gateway in a process of its own: people are told what it is and nothing looks whole that
// is not, the record has how each request ended, and as soon as the way is there again they go on, signed in as they were.

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../src/demo/free-port.ts';
import { expectAccounted } from '../support/accounted.ts';
import { chaosProxy } from '../support/chaos-proxy.ts';
import type { ChaosProxy } from '../support/chaos-proxy.ts';
import { clinic } from '../support/clinic.ts';
import type { Clinic } from '../support/clinic.ts';
import { endCommands, gatewayProcess } from '../support/command.ts';
import type { Command } from '../support/command.ts';
import { eventually, records } from '../support/demo-story.ts';
import { enrol, tryCode } from '../support/enrol.ts';
import type { Enrolled } from '../support/enrol.ts';

const script = { accept: '*/*', 'sec-fetch-mode': 'cors' };
/** The connection must be there within one second, the head within one, and no silence may last longer than one. */
const limits = 'limits: { upstreamConnect: 1s, upstreamHeaders: 1s, upstreamBodyStall: 1s }';

let cable: ChaosProxy;
let place: Clinic;
let gateway: Command;
let nurse: Enrolled;
let asked = 0;

beforeAll(async () => {
  const port = await freePort();
  cable = await chaosProxy(port);
  place = await clinic({ ehr: { port }, upstream: `http://127.0.0.1:${cable.port}`, gatewayLines: [limits] });
  gateway = await gatewayProcess(place.file);
  nurse = await enrol(place.origin, 'newcomer');
});
afterEach(async () => {
  cable.weather();
  await cable.accept();
});
afterAll(async () => {
  await endCommands();
  await cable.close();
  await place.close();
});

/** A page of the EHR, each time under an address of its own: its status and fault, or that it never looked whole. */
async function open(path = '/chart?pid=7'): Promise<{ told: string; target: string; text: string }> {
  asked += 1;
  const target = `${path}&n=${asked}`;
  try {
    const { status, text } = await nurse.client.ask(place.origin + target, { headers: script });
    const fault = status === 200 ? '' : ` ${(JSON.parse(text) as { reason: string }).reason}`;
    return { told: `${status}${fault}`, target, text };
  } catch {
    return { told: 'broken off', target, text: '' };
  }
}

/** Also where the machine is too busy for the second that an answer may take here. */
const isThere = (): Promise<unknown> => eventually(async () => (await open()).told === '200', 'the EHR');

/** How the last request ended, by its record. Values of a query are not in it, so that requests are told apart by their order. */
async function outcome(): Promise<Record<string, unknown>> {
  const attempts = () => records(place).filter(({ event }) => event === 'attempt');
  const { request } = await eventually(() => attempts().at(-1), 'the attempt');
  return eventually(() => records(place).find((one) => one['event'] === 'outcome' && one['request'] === request), 'the outcome');
}

const weathers: readonly (readonly [what: string, begin: () => unknown, told: string, reason: string])[] = [
  ['is refused', () => cable.refuse(), '502 upstream-unreachable', 'upstream-unreachable'],
  ['leads nowhere', () => cable.blackHole(), '504 upstream-timeout', 'upstream-timeout'],
  ['loses what the EHR says', () => cable.weather({ held: ['down'] }), '504 upstream-timeout', 'upstream-timeout'],
  ['loses what the EHR is told', () => cable.weather({ held: ['up'] }), '504 upstream-timeout', 'upstream-timeout'],
  [
    'is slower than the head may be',
    () => cable.weather({ delayMilliseconds: 1500 }),
    '504 upstream-timeout',
    'upstream-timeout',
  ],
  ['trickles the head for too long', () => cable.weather({ bytesPerSecond: 50 }), '504 upstream-timeout', 'upstream-timeout'],
  ['breaks within the head', () => cable.weather({ cutAfter: { way: 'down', bytes: 30 } }), '502 upstream-unreachable', 'upstream-unreachable'], // prettier-ignore
  ['breaks within the body', () => cable.weather({ cutAfter: { way: 'down', bytes: 700 } }), 'broken off', 'upstream-cut'],
];

test.each(weathers)('the way to the EHR %s', async (_what, begin, told, reason) => {
  await isThere();
  // Connections that are kept would go another way than those that come.
  cable.cut();
  await begin();
  expect((await open()).told).toBe(told);
  expect(await outcome()).toMatchObject({ reason, endedBy: 'forward' });
  cable.weather();
  await cable.accept();
  await isThere();
  expect(await outcome()).not.toHaveProperty('reason');
});

test('a body that trickles passes while it goes on, and is broken off when it stands still', async () => {
  cable.cut();
  cable.weather({ bytesPerSecond: 3000 });
  const whole = await open();
  expect([whole.told, whole.text.includes('</html>')]).toEqual(['200', true]);
  cable.weather();
  const cookie = nurse.client.cookieHeader(place.origin);
  const trickle = await fetch(`${place.origin}/fault/trickle?every=50&count=2000`, { headers: { ...script, cookie } });
  const reader = (trickle.body as ReadableStream<Uint8Array>).getReader();
  expect((await reader.read()).done).toBe(false);
  cable.blackHole();
  const rest = async (): Promise<never> => {
    for (;;) expect((await reader.read()).done).toBe(false);
  };
  await expect(rest()).rejects.toThrow('terminated');
});

test('nothing is sent twice, everything is on record, and after a crash within such weather nobody is signed out', async () => {
  cable.blackHole();
  const under = Array.from({ length: 8 }, () => open());
  const attempts = () => records(place).filter((one) => one['event'] === 'attempt').length;
  const before = attempts();
  await eventually(() => attempts() >= before + 8 || gateway.child.exitCode !== null, 'eight more attempts');
  await gateway.end('SIGKILL');
  expect((await Promise.all(under)).map(({ told }) => told)).not.toContain('200');
  cable.weather();
  gateway = await gatewayProcess(place.file);
  await isThere();
  const ids = place.ehr.requests().map(({ target }) => target);
  expect(ids.filter((target, index) => ids.indexOf(target) !== index && target.includes('n='))).toEqual([]);
  await expectAccounted(place.ehr.requests(), place.auditDirectory);
  // Nor is what they confirmed gone: the factor is theirs, and what is used is used.
  const [code = ''] = nurse.recoveryCodes;
  expect(await tryCode(place.origin, 'newcomer', nurse.usedCode)).toMatchObject({ status: 403, signedIn: false });
  expect(await tryCode(place.origin, 'newcomer', code)).toMatchObject({ signedIn: true });
});
