// Whatever ends a session at one gateway ends all that runs for it at the other: a download, a stream that never ends and a live
// connection, within the second; and no request passes after it, not even at a gateway that stood still meanwhile. Then one of
// the two is killed, and one is asked to go.

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sessionCommand } from '../../src/cli/session.ts';
import { userCommand } from '../../src/cli/user.ts';
import { expectAccounted } from '../support/accounted.ts';
import { askOnce, AtWork, isOut } from '../support/at-work.ts';
import { endCommands } from '../support/command.ts';
import type { CookieClient } from '../support/cookie-client.ts';
import { eventually, seenByEhr, signInWith } from '../support/demo-story.ts';
import { requirement } from '../support/requirements.ts';
import { everythingAt, live, stream } from '../support/running-at.ts';
import { twoGateways } from '../support/two-gateways.ts';
import type { OneOfTwo, TwoGateways } from '../support/two-gateways.ts';

const available = requirement('postgres').available && requirement('redis').available;
/** A second is meant; the machine may be busy. */
const soon = 10_000;

let two: TwoGateways;
let main = '';

beforeAll(async () => {
  if (!available) return;
  const rules = readFileSync(new URL('../../config/rules.yaml', import.meta.url), 'utf8');
  // Everybody may have a download, so that each way to end has somebody of its own.
  two = await twoGateways({ rules: rules.replace('allow: [physician, nurse, records, it] }', 'allow: everyone }') });
  main = `${two.origin}/main`;
});
afterAll(async () => {
  await endCommands();
  if (available) await two.close();
});

/** The same browser at the other gateway, as a balancer would send it. */
function alsoAt(gateway: OneOfTwo, client: CookieClient): CookieClient {
  const other = two.browser(gateway);
  for (const [host, cookies] of client.jar) other.jar.set(host, cookies);
  return other;
}

/** A machine that is too busy for a second has people hear 503, and nothing worse. */
const othersThan = (expected: readonly number[], work: AtWork): readonly number[] =>
  work.told.map(({ status }) => status).filter((status) => !expected.includes(status));

type Way = (person: string, client: CookieClient) => Promise<unknown>;

/** As whoever runs the gateway types it beside A. */
async function order(command: typeof sessionCommand, args: readonly string[]): Promise<void> {
  const said: string[] = [];
  const print = { out: (line: string) => void said.push(line), err: (line: string) => void said.push(line) };
  // A gateway that has not heard the others for a second refuses, and whoever runs it says so once more.
  const given = async (): Promise<boolean> =>
    (await command([...args, '--because', 'a test', '--config', two.a.file], print)) === 0;
  await eventually(given, `the order to be carried out: ${said.join(' ')}`);
}

const ways: readonly (readonly [how: string, person: string, endIt: Way])[] = [
  ['their own sign-out', 'nurse', (_person, client) => client.form(`${two.origin}/.wardgate/sign-out`, {})],
  ['the order "session end"', 'physician', (person) => order(sessionCommand, ['end', person])],
  ['the order "user end"', 'records', (person) => order(userCommand, ['end', person])],
];

test.skipIf(!available).each(ways)('%s at A cuts what runs at B, and nothing passes after it', async (_how, person, endIt) => {
  const atA = await two.signIn(two.a, person);
  const atB = alsoAt(two.b, atA);
  const streams = await everythingAt(two, two.b, atB);
  // Cookies of before: the sign-out takes them from the browser.
  const kept = [alsoAt(two.a, atA), alsoAt(two.b, atA)];
  for (const one of kept) for (const [host, cookies] of one.jar) one.jar.set(host, new Map(cookies));
  await endIt(person, atA);
  const ordered = performance.now();
  for (const { readOn } of streams) readOn();
  const how = Object.fromEntries(await Promise.all(streams.map(async ({ kind, over }) => [kind, await over] as const)));
  expect(performance.now() - ordered).toBeLessThan(soon);
  expect(how).toEqual({ download: 'cut', 'event stream': 'cut', 'live connection': 4401 });
  const before = two.ehr.requests().length;
  for (const one of kept) await isOut(one, main);
  expect(two.ehr.requests().length).toBe(before);
  await expectAccounted(two.ehr.requests(), ...two.auditDirectories);
});

/** A browser whose requests fall on the two gateways in turn, as without any stickiness. */
function inTurns(): { readonly client: CookieClient; readonly asked: () => number } {
  const { host } = new URL(two.origin);
  const ports = [two.a.port, two.b.port];
  const client = two.browser(two.a);
  let asked = 0;
  client.via.get = (to) => (to === host ? ports[asked++ % ports.length] : undefined);
  return { client, asked: () => asked };
}

test.skipIf(!available)('a sign-in goes through whichever gateway has each of its steps', async () => {
  const { client, asked } = inTurns();
  const scene = { ...two, auditDirectory: two.a.auditDirectory };
  await eventually(async () => (await two.b.ready()).status === 200, 'B to be ready');
  const arrived = await signInWith(client, scene, 'security');
  expect([arrived.status, arrived.url]).toEqual([200, main]);
  expect(asked()).toBeGreaterThanOrEqual(5);
  for (let i = 0; i < 6; i += 1) expect((await askOnce(client, main)).status).toBe(200);
  await client.form(`${two.origin}/.wardgate/sign-out`, {});
  await expectAccounted(two.ehr.requests(), ...two.auditDirectories);
});

test.skipIf(!available)('a gateway that stood still while somebody was ended serves them nothing when it goes on', async () => {
  const atA = await two.signIn(two.a, 'it');
  const atB = alsoAt(two.b, atA);
  await eventually(async () => (await askOnce(atB, main)).status === 200, 'their session at B', soon);
  for (const [host, cookies] of atB.jar) atB.jar.set(host, new Map(cookies));
  two.b.process.child.kill('SIGSTOP');
  const before = seenByEhr(two, '/main');
  // They wait in the sockets of a process that does not run, the first from before the end.
  const early = askOnce(atB, main);
  await atA.form(`${two.origin}/.wardgate/sign-out`, {});
  const late = Array.from({ length: 10 }, () => askOnce(atB, main));
  two.b.process.child.kill('SIGCONT');
  const told = (await Promise.all([early, ...late])).map(({ status }) => status);
  expect(told.filter((status) => status !== 401 && status !== 503)).toEqual([]);
  expect(seenByEhr(two, '/main')).toBe(before);
  await isOut(atB, main);
  await expectAccounted(two.ehr.requests(), ...two.auditDirectories);
});

test.skipIf(!available)(
  'one gateway is killed with people at work: they go on at the other, and at both when it is back',
  { timeout: 180_000 },
  async () => {
    const client = await two.signIn(two.a, 'billing');
    const ofB = new AtWork(alsoAt(two.b, client), main);
    const ofA = new AtWork(client, main);
    await eventually(() => ofA.told.length > 5 && ofB.told.length > 5, 'both to be at work');
    await two.a.process.end('SIGKILL');
    const before = ofB.told.length;
    const goesOn = (): boolean => ofB.told.length > before + 9 && ofB.told.slice(-10).every(({ status }) => status === 200);
    await eventually(goesOn, 'B to go on');
    await two.a.start();
    const since = ofA.told.length;
    await eventually(() => ofA.told.length > since + 2 && ofA.told.slice(-3).every(({ status }) => status === 200), 'A to go on');
    await Promise.all([ofA.stop(), ofB.stop()]);
    expect(othersThan([0, 200, 503], ofA)).toEqual([]);
    expect(othersThan([200, 503], ofB)).toEqual([]);
    await expectAccounted(two.ehr.requests(), ...two.auditDirectories);
  },
);

test.skipIf(!available)(
  'one gateway is asked to go: not ready first, what runs is finished or told, the other serves all',
  { timeout: 180_000 },
  async () => {
    const client = await two.signIn(two.b, 'front-desk');
    const atA = alsoAt(two.a, client);
    await eventually(async () => (await askOnce(atA, main)).status === 200, 'their session at A', soon);
    const headers = { host: new URL(two.origin).host, cookie: atA.cookieHeader(two.origin) };
    const download = stream('download', two.a.port, headers, '/slow?seconds=3');
    const line = live(two.a.port, { ...headers, origin: two.origin });
    await line.begun;
    await eventually(() => seenByEhr(two, '/slow') === 1, 'the slow page');
    await eventually(async () => (await two.a.ready()).status === 200, 'A to be ready');
    const ofB = new AtWork(client, main);
    const ended = two.a.process.end('SIGTERM');
    await eventually(async () => (await two.a.ready()).status === 503, 'it to be not ready');
    expect(await line.over).toBe(1001);
    download.readOn();
    expect(await download.over).toBe('whole');
    expect(await ended).toEqual({ code: 0, signal: null });
    await ofB.stop();
    expect(othersThan([200, 503], ofB)).toEqual([]);
    await expectAccounted(two.ehr.requests(), ...two.auditDirectories);
    await two.a.start();
    await eventually(async () => (await askOnce(atA, main)).status === 200, 'their session at the next A', soon);
  },
);
