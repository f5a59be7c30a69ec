// IT ends sessions from a terminal: the real command in a process of its own, a gateway that runs, and people at work in it.

import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Gateway } from '../../src/main.ts';
import { clinic, openGateway } from '../support/clinic.ts';
import type { Clinic } from '../support/clinic.ts';
import { roleLines, script } from '../support/clinic-story.ts';
import { command, endCommands } from '../support/command.ts';
import type { CookieClient } from '../support/cookie-client.ts';
import { eventually, records, signIn } from '../support/demo-story.ts';
import { signedIn } from '../support/session-gateway.ts';

const rules = `${roleLines}
rules:
  - { name: all, paths: [/main, /finder, /files/large], allow: everyone }
downloads: { everyone: { files: unlimited, size: unlimited, patients: unlimited, then: refuse } }
`;

let place: Clinic;
let gateway: Gateway;
beforeAll(async () => {
  place = await clinic({ rules });
  gateway = await openGateway(place);
});
afterEach(endCommands);
afterAll(async () => {
  await gateway.close();
  await place.close();
});

async function session(...args: string[]) {
  const ran = command(['session', ...args, '--config', place.file]);
  const { code } = await ran.ended;
  return { code, out: ran.stdout(), err: ran.stderr() };
}

interface Listed {
  readonly reference: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly standing: string;
  readonly running: number;
}
async function listed(): Promise<readonly Listed[]> {
  return JSON.parse((await session('list', '--json')).out) as Listed[];
}
const of = (event: string) => records(place).filter((one) => one['event'] === event);
const status = async (client: CookieClient) => (await script(client, `${place.origin}/finder`)).status;

/** Starts a download and leaves it unread. */
function download(client: CookieClient): Promise<IncomingMessage> {
  const { hostname, port } = new URL(place.origin);
  const headers = { cookie: client.cookieHeader(place.origin) };
  return new Promise((resolve, reject) => {
    const asked = request({ host: hostname, port, path: '/files/large?megabytes=64', headers, agent: false }, (reply) => {
      reply.on('error', () => undefined).pause();
      resolve(reply);
    });
    asked.on('error', reject).end();
  });
}

test('nobody is signed in, and nobody can be ended', async () => {
  expect(await session('list')).toMatchObject({ code: 0, out: 'Nobody is signed in\n' });
  for (const whose of [['nurse'], ['--all'], ['--reference', 'none']])
    expect(await session('end', ...whose, '--because', 'a try')).toMatchObject({ code: 1, out: '' });
});

test.each([
  [['kill'], 'There is no command "session kill"'],
  [['end', '--because', 'x'], 'Say whose sessions end'],
  [['end', 'nurse', '--all', '--because', 'x'], 'Say whose sessions end'],
  [['end', 'nurse', 'physician', '--because', 'x'], 'Say whose sessions end'],
  [['end', 'nurse'], 'Say why, for the record'],
  [['end', 'nurse', '--because', '  '], 'Say why, for the record'],
  [['end', 'nurse', '--now'], "Unknown option '--now'"],
])('wrong usage is told: session %j', async (args, words) => {
  const { code, err } = await session(...args);
  expect([code, err]).toEqual([2, expect.stringContaining(words)]);
  expect(err).toContain('wardgate session end PERSON');
});

test('one person is ended: on record first, with who and why; what runs for them is cut, and nobody else notices', async () => {
  const nurse = await signIn(place, 'nurse');
  const physician = await signIn(place, 'physician');
  const running = await download(nurse);
  const before = await listed();
  expect(
    before
      .map(({ name, standing, running: under }) => [name, standing, under])
      .toSorted((a, b) => String(a[0]).localeCompare(String(b[0]))),
  ).toEqual([
    ['nurse', 'active', 1],
    ['physician', 'active', 0],
  ]);
  expect((await session('list')).out).toMatch(/^nurse +\S+ +active +since .*1 under way +nurse$/m);
  const { code, out } = await session('end', 'nurse', '--because', 'left her card in the bus');
  const { reference } = before.find(({ name }) => name === 'nurse') ?? {};
  expect([code, out]).toEqual([0, `Ended ${reference} of nurse, 1 under way cut\n`]);
  await new Promise((resolve) => running.once('close', resolve).resume());
  expect(running.complete).toBe(false);
  expect([await status(nurse), await status(physician)]).toEqual([401, 200]);
  const order = of('order').findLast((one) => String(one['detail']).startsWith('"session end"'));
  expect(order).toMatchObject({
    decision: 'allowed',
    subject: { name: 'nurse' },
    detail: expect.stringMatching(
      /^"session end" \(1 of "nurse"\) by operating-system user ".+", because: left her card/,
    ) as string,
  });
  const end = await eventually(() => of('session-ended').find((one) => one['session'] === reference), 'the record of the end');
  expect(end).toMatchObject({ reason: 'revoked', subject: { name: 'nurse' }, detail: 'left her card in the bus' });
  expect(Number(order?.['seq'])).toBeLessThan(Number(end['seq']));
  await eventually(() => gateway.composed.live.sessions().length === 0, 'what is known as under way');
});

test('a name of two people ends neither and names both; a reference ends the one, and a name in other letters is asked about', async () => {
  const [one, other] = [signedIn('nurse'), signedIn('nurse')].map(({ session: made }, index) => ({
    ...made,
    reference: `ref-${index}`,
    subject: { ...made.subject, sub: `sub-${index}`, name: 'kim', displayName: `Kim ${index}` },
  }));
  if (one === undefined || other === undefined) throw new Error('no two');
  for (const made of [one, other]) await gateway.composed.state.sessions.create(made);
  const refused = await session('end', 'kim', '--because', 'one of them left');
  expect(refused.code).toBe(1);
  for (const words of ['more than one person', 'ref-0 (Kim 0, "sub-0")', 'ref-1 (Kim 1, "sub-1")'])
    expect(refused.err).toContain(words);
  expect((await session('end', 'Kim', '--because', 'x')).err).toContain('did you mean "kim"?');
  expect(of('order').at(-1)).toMatchObject({ decision: 'refused' });
  const { code, out } = await session('end', '--reference', 'ref-1', '--because', 'that one', '--json');
  expect([code, JSON.parse(out)]).toEqual([0, [{ reference: 'ref-1', name: 'kim', cut: 0 }]]);
  expect((await listed()).map(({ reference }) => reference)).toContain('ref-0');
});

test('all are ended', async () => {
  await signIn(place, 'records');
  const { code, out } = await session('end', '--all', '--because', 'the virus of today');
  expect(code).toBe(0);
  expect(out.trim().split('\n').length).toBeGreaterThan(1);
  expect(await listed()).toEqual([]);
});
