// Signing in while the identity provider is down: the people the clinic has named, by a sealed code and their own factor, loudly,
// with no role they had not, for a while; and everybody who is not them hears the same "no". Once the provider answers again they
// show themselves to it, and lose nothing.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import { check } from '../../src/cli/check.ts';
import { userCommand } from '../../src/cli/user.ts';
import { isEmergency } from '../../src/core/session/is-emergency.ts';
import { sessionKey } from '../../src/sign-in/session-key.ts';
import {
  arrive,
  codeAt,
  expectRefused,
  problemOf,
  recordsOf,
  roleLines,
  script,
  sessionCookie,
  withoutTheEhr,
} from '../support/clinic-story.ts';
import { CookieClient } from '../support/cookie-client.ts';
import type { Reply } from '../support/cookie-client.ts';
import { story } from '../support/demo-story.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const rules = `${roleLines}
rules:
  - { name: chart, paths: [/chart], patient: query.pid, allow: [physician, nurse] }
  - { name: notes, paths: [/chart/notes], methods: [GET, POST], allow: [nurse, physician] }
  - { name: users, paths: [/admin/users], allow: it }
  - { name: find, paths: [/finder, /main, /welcome], allow: everyone }
`;
const emergency = 'emergency: { people: [physician, nurse, it], roles: [physician, nurse], from: clinic, lasts: 2h }';
const start = '/.wardgate/emergency-sign-in';
const formType = 'application/x-www-form-urlencoded';

let demo: Demo;
let clock: ShiftingClock;
const url = (path: string): string => demo.origin + path;

async function begin(lines = emergency): Promise<Demo> {
  return story({
    rules,
    clock,
    idle: '12h',
    rewriteGateway: (yaml) => yaml.replace('clientId: wardgate,', `clientId: wardgate, ${lines},`),
  });
}

beforeAll(async () => {
  clock = new ShiftingClock();
  demo = await begin();
  for (const name of ['physician', 'nurse', 'it', 'billing']) await arrive(demo, name, clock);
});
afterAll(async () => demo.close());
beforeEach(async () => {
  // Blocks of the story before are over, and the provider answers.
  const { attempts } = demo.gateway.composed.state;
  await attempts.clear('emergency from 127.0.0.1');
  for (const name of ['physician', 'nurse', 'it', 'billing']) await attempts.clear(`emergency as ${sessionKey(name)}`);
  clock.forward({ hours: 12 });
  await looks(1);
});

async function looks(times: number, where = demo): Promise<void> {
  for (let at = 0; at < times; at += 1) {
    await where.gateway.composed.lookAtProvider();
    clock.forward({ seconds: 15 });
  }
}

async function whileDown(act: () => Promise<void>, where = demo): Promise<void> {
  await where.provider.pause();
  try {
    await looks(6, where);
    await act();
  } finally {
    await where.provider.resume();
    await looks(1, where);
  }
}

async function command(...args: string[]): Promise<{ readonly code: number; readonly text: string }> {
  const lines: string[] = [];
  const keep = (line: string): void => void lines.push(line);
  const code = await userCommand([...args, '--config', `${demo.directory}/gateway.yaml`], { out: keep, err: keep });
  return { code, text: lines.join('\n') };
}

async function codesOf(name: string): Promise<string[]> {
  const { text } = await command('emergency-codes', name, '--json');
  return (JSON.parse(text) as { codes: string[] }).codes;
}

function typed(name: string, code: string, client = new CookieClient(), headers: Record<string, string> = {}): Promise<Reply> {
  const body = new URLSearchParams({ name, code }).toString();
  const navigation = { accept: 'text/html', 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate', origin: demo.origin };
  return client.ask(url(start), { method: 'POST', body, headers: { ...navigation, 'content-type': formType, ...headers } });
}

async function comesIn(name: string, code: string): Promise<CookieClient> {
  const client = new CookieClient();
  const first = await typed(name, code, client);
  expect([first.status, first.headers.location]).toEqual([303, '/.wardgate/second-factor']);
  const arrived = await client.form(url('/.wardgate/second-factor?return=%2Ffinder'), { code: codeAt(demo, name, clock) });
  expect([arrived.status, arrived.url]).toEqual([200, url('/finder')]);
  return client;
}

/** What a page says, without the request's own id. */
const words = ({ status, text }: Reply): string => `${status} ${text.replaceAll(/[\w]{6}-[\w]{4}/g, '')}`;

describe('somebody whom the clinic has named', () => {
  test('comes in by code and factor, with the roles they had, loudly, and for the time that is set', async () => {
    const [code = ''] = await codesOf('physician');
    await whileDown(async () => {
      expect((await new CookieClient().page(url('/.wardgate/sign-in'))).text).toContain(start);
      expect((await new CookieClient().page(url(start))).text).toContain('Login name');
      const client = await comesIn('physician', code);
      expect((await script(client, url('/chart?pid=7'))).status).toBe(200);
      await expectRefused(demo, () => script(client, url('/admin/users')), 403, 'role-not-permitted');
      const record = recordsOf(demo, 'emergency-sign-in').at(-1);
      expect(record).toMatchObject({ subject: { sub: 'physician' }, roles: ['physician'], factor: 'totp', decision: 'allowed' });
      expect(String(record?.['detail'])).toMatch(
        /^without the identity provider, by a sealed code and totp; until .+; 4 codes left$/,
      );
      expect(JSON.stringify(recordsOf(demo, 'emergency-sign-in'))).not.toContain(code);
      expect(demo.gateway.composed.notices()).toContain('1 session was opened without the identity provider');
      expect((await demo.gateway.composed.metrics.text()).text).toMatch(/event="emergency-sign-in"\} 1/);
      expect(problemOf(await script(client, url('/.wardgate/me')))).toMatchObject({
        withoutProviderUntil: expect.stringMatching(/Z$/),
      });
      clock.forward({ minutes: 119 });
      expect((await script(client, url('/finder'))).status).toBe(200);
      clock.forward({ minutes: 1 });
      await expectRefused(demo, () => script(client, url('/finder')), 401, 'session-expired');
    });
  });

  test('shows themselves to the provider within a quarter of an hour of its return, in place, and keeps their note', async () => {
    const [code = ''] = await codesOf('nurse');
    let client = new CookieClient();
    await whileDown(async () => {
      client = await comesIn('nurse', code);
      clock.forward({ minutes: 20 });
      expect((await script(client, url('/finder'))).status).toBe(200);
    });
    clock.forward({ minutes: 14 });
    expect((await script(client, url('/finder'))).status).toBe(200);
    clock.forward({ minutes: 1 });
    await expectRefused(demo, () => script(client, url('/finder')), 423, 'session-locked');
    expect(recordsOf(demo, 'locked').at(-1)).toMatchObject({ subject: { sub: 'nurse' }, reason: 'provider-back' });
    const state = await script(client, url('/.wardgate/activity'));
    expect(problemOf(state)).toMatchObject({ state: 'locked', ways: ['provider'], words: 'lockedBack' });
    // Their own factor did for the outage; it is over.
    const headers = { 'content-type': formType, origin: demo.origin };
    const body = `code=${codeAt(demo, 'nurse', clock)}`;
    expect((await script(client, url('/.wardgate/unlock'), { method: 'POST', body, headers })).status).toBe(403);
    const cookie = sessionCookie(client, demo);
    const back = await client.page(url('/.wardgate/sign-in?unlock=1&return=%2Ffinder'));
    expect([back.status, back.url, sessionCookie(client, demo)]).toEqual([200, url('/finder'), cookie]);
    clock.forward({ hours: 3 });
    expect((await script(client, url('/finder'))).status).toBe(200);
    expect(demo.gateway.composed.notices().join(' ')).not.toContain('opened without');
  });

  test('is counted among those who came in without the provider until they sign out', async () => {
    const [code = ''] = await codesOf('physician');
    await whileDown(async () => {
      const client = await comesIn('physician', code);
      const [session] = demo.gateway.composed.state.sessions.all().filter(isEmergency);
      expect(session?.emergencyUntil).toBeGreaterThan(clock.now());
      await client.ask(url('/.wardgate/sign-out'), { method: 'POST', body: '', headers: { origin: demo.origin } });
      expect(demo.gateway.composed.state.sessions.all().filter(isEmergency)).toEqual([]);
    });
  });
});

describe('nobody comes in', () => {
  test('while the provider answers, or has just begun not to, or from another zone, or where nobody is named', async () => {
    const [code = ''] = await codesOf('physician');
    for (const act of [() => new CookieClient().page(url(start)), () => typed('physician', code)]) {
      const reply = await act();
      expect([reply.status, reply.text.includes('emergency-closed')]).toEqual([403, true]);
    }
    await demo.provider.pause();
    await looks(3);
    expect((await typed('physician', code)).status).toBe(403);
    await demo.provider.resume();
    await looks(1);
    const other = await begin('emergency: { people: physician, from: desks }');
    const none = await begin('recheckEvery: 10m');
    try {
      await whileDown(async () => {
        const reply = await new CookieClient().page(other.origin + start);
        expect([reply.status, reply.text.includes('emergency-closed')]).toEqual([403, true]);
      }, other);
      await whileDown(async () => expect((await new CookieClient().page(none.origin + start)).status).toBe(404), none);
    } finally {
      await other.close();
      await none.close();
    }
  });

  test('with a code alone, with a code twice, or with a recovery code in the place of a factor', async () => {
    const [code = '', next = ''] = await codesOf('physician');
    await whileDown(async () => {
      const half = new CookieClient();
      await typed('physician', code, half);
      await expectRefused(demo, () => script(half, url('/finder')), 401, 'sign-in-required');
      const two = [half, new CookieClient()];
      await typed('physician', code, two[1]);
      await two[0]?.form(url('/.wardgate/second-factor'), { code: codeAt(demo, 'physician', clock) });
      clock.forward({ minutes: 1 });
      const second = await two[1]?.form(url('/.wardgate/second-factor'), { code: codeAt(demo, 'physician', clock) });
      expect([second?.status, second?.text.includes('has been used meanwhile')]).toEqual([403, true]);
      expect((await typed('physician', code)).status).toBe(403);
      const third = new CookieClient();
      await typed('physician', next, third);
      const before = recordsOf(demo, 'recovery-code-used').length;
      const paper = await third.form(url('/.wardgate/second-factor'), { code: 'ABCDE-FGH1J-K2MNP-Q3RST-V4WXY-Z' });
      expect([paper.status, recordsOf(demo, 'recovery-code-used').length]).toEqual([403, before]);
    });
  });

  test('who began while it was down and ends when it answers', async () => {
    const [code = ''] = await codesOf('physician');
    const client = new CookieClient();
    await whileDown(async () => void (await typed('physician', code, client)));
    const reply = await client.form(url('/.wardgate/second-factor'), { code: codeAt(demo, 'physician', clock) });
    expect([reply.status, reply.text.includes('emergency-closed')]).toEqual([403, true]);
  });

  test.each([
    ['whose name nobody has', 'nobody.of.this.name'],
    ['who is not named', 'billing'],
    ['whose role the clinic has left out', 'it'],
    ['whose code is wrong', 'physician'],
  ])('%s: the answer is the same for all, and the record alone says why', async (_who, name) => {
    const codes = name === 'it' ? await codesOf('it') : [];
    await whileDown(async () => {
      const wrong = await typed('nurse', 'ABCDE-FGH1J-K2MNP-Q3RST-V4WXY-Z');
      const reply = await withoutTheEhr(demo, () => typed(name, codes[0] ?? 'ABCDE-FGH1J-K2MNP-Q3RST-V4WXY-Z'));
      expect([reply.status, words(reply)]).toEqual([403, words(wrong)]);
      expect(String(recordsOf(demo, 'emergency-sign-in-failed').at(-1)?.['detail'])).toMatch(/./);
    });
  });

  test('by guessing, in turn or all at once: five tries, then a quarter of an hour', async () => {
    const [code = ''] = await codesOf('physician');
    await whileDown(async () => {
      const tries = await Promise.all(
        Array.from({ length: 12 }, async () => typed('physician', 'ABCDE-FGH1J-K2MNP-Q3RST-V4WXY-Z')),
      );
      expect(tries.filter(({ status }) => status === 403)).toHaveLength(4);
      expect(tries.filter(({ status }) => status === 429)).toHaveLength(8);
      // The right one is not told from a wrong one, and another name from that address is blocked as well.
      expect([(await typed('physician', code)).status, (await typed('nurse', code)).status]).toEqual([429, 429]);
    });
  });

  test('by a form of another site or by a script', async () => {
    const [code = ''] = await codesOf('physician');
    await whileDown(async () => {
      expect((await typed('physician', code, new CookieClient(), { origin: 'https://evil.example' })).status).toBe(403);
      const quiet = { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty', 'sec-fetch-site': 'same-origin' };
      expect((await typed('physician', code, new CookieClient(), quiet)).text).toContain('origin-not-permitted');
    });
  });

  test('who was last seen more than thirty days ago', async () => {
    const [code = ''] = await codesOf('nurse');
    clock.forward({ hours: 24 * 31 });
    await looks(1);
    await whileDown(async () => expect((await typed('nurse', code)).status).toBe(403));
    expect(String(recordsOf(demo, 'emergency-sign-in-failed').at(-1)?.['detail'])).toContain('last seen too long ago');
  });
});

test('the check says who could not come in', async () => {
  const lines: string[] = [];
  const keep = (line: string): void => void lines.push(line);
  await codesOf('physician');
  expect(await check(['--config', `${demo.directory}/gateway.yaml`], { out: keep, err: keep })).toBe(0);
  const text = lines.join('\n');
  expect(text).not.toContain('person "physician"');
  const own = await begin();
  try {
    lines.length = 0;
    await check(['--config', `${own.directory}/gateway.yaml`], { out: keep, err: keep });
    expect(lines.join('\n')).toContain('Emergency person "nurse" has not signed in since they were named');
    await arrive(own, 'nurse', clock);
    lines.length = 0;
    await check(['--config', `${own.directory}/gateway.yaml`], { out: keep, err: keep });
    expect(lines.join('\n')).toContain('has no sealed codes left; make them with: wardgate user emergency-codes nurse');
  } finally {
    await own.close();
  }
});

describe('the command', () => {
  test('prints codes once for whoever is named and has signed in, and says why not for others', async () => {
    const printed = await command('emergency-codes', 'physician', '--because', 'yearly change of the envelopes');
    expect([printed.code, printed.text.match(/^ {2}\d\. \S+$/gm)?.length]).toEqual([0, 5]);
    expect(printed.text).toContain('not shown again');
    const [, first = ''] = /1\. (\S+)/.exec(printed.text) ?? [];
    const order = recordsOf(demo, 'order').at(-1);
    expect(order).toMatchObject({ subject: { sub: 'physician' }, decision: 'allowed' });
    expect(JSON.stringify(order)).not.toContain(first);
    for (const name of ['billing', 'nobody']) {
      const refused = await command('emergency-codes', name);
      expect([refused.code, refused.text]).toEqual([1, expect.stringContaining('signIn.emergency')]);
    }
    expect((await command('emergency-codes')).code).toBe(2);
    const [again = ''] = await codesOf('physician');
    await arrive(demo, 'physician', clock);
    await whileDown(async () => {
      expect((await typed('physician', first)).status).toBe(403);
      expect((await typed('physician', again)).status).toBe(303);
    });
  });
});
