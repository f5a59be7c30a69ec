// Guessing, replaying and racing the second factor through the whole gateway, from many browsers and addresses at once, at
// the sign-in and at the step-up together, and with a clock that somebody sets.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generateSync } from 'otplib';
import type { Demo } from '../../src/cli/start-demo.ts';
import { formatRecoveryCode, normaliseRecoveryCode } from '../../src/core/second-factor/recovery-code.ts';
import { recoveryHash } from '../../src/sign-in/recovery-hash.ts';
import {
  arrive,
  codeAt,
  expectRefused,
  recordsOf,
  roleLines,
  script,
  sessionCookie,
  withoutTheEhr,
} from '../support/clinic-story.ts';
import { CookieClient } from '../support/cookie-client.ts';
import { story } from '../support/demo-story.ts';
import { FakeClock } from '../support/fake-ports.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const rules = `${roleLines}
rules:
  - { name: find, paths: [/finder, /main, /welcome], allow: everyone }
  - { name: users, paths: [/admin/users], allow: [it, nurse], freshFactor: 5m }
`;
const minute = 60_000;
const formType = { 'content-type': 'application/x-www-form-urlencoded' };

let demo: Demo;
const clock = new FakeClock();

beforeAll(async () => {
  demo = await story({
    rules,
    clock,
    rewriteGateway: (yaml) => yaml.replace('health: {', 'tlsEndedBy: [127.0.0.0/8, "::1/128"], health: {'),
  });
});
afterAll(async () => demo.close());

type Send = (code: string, address?: string) => Promise<{ status: number; signedIn: boolean }>;

/** Posts codes for one browser; `signedIn` is whether a session came of it. */
function posting(client: CookieClient, path: string): Send {
  return async (code, address = '10.1.1.1') => {
    const headers = { ...formType, accept: 'text/html', origin: demo.origin, 'x-forwarded-for': address };
    const reply = await client.ask(demo.origin + path, { method: 'POST', body: `code=${encodeURIComponent(code)}`, headers });
    return { status: reply.status, signedIn: /wardgate=[\w-]{43}/.test(String(reply.headers['set-cookie'])) };
  };
}

async function atTheCode(name: string): Promise<Send> {
  const client = new CookieClient();
  await client.page(`${demo.origin}/.wardgate/sign-in?login_hint=${name}`);
  return posting(client, '/.wardgate/second-factor');
}

async function newSession(name: string): Promise<CookieClient> {
  clock.advance(minute);
  return arrive(demo, name, clock);
}

/** Six digits that are wrong for this person now. */
function wrongCode(name: string): string {
  const secret = demo.personas.find((one) => one.name === name)?.totpSecret ?? '';
  const right = [-1, 0, 1].map((step) => generateSync({ secret, epoch: Math.floor(clock.now() / 1000) + step * 30 }));
  return ['000000', '111111', '222222', '333333'].find((code) => !right.includes(code)) ?? '';
}

describe('guessing', () => {
  test('is counted over browsers, addresses and both places a code is typed; the block holds for all of them, and for nobody else', async () => {
    const session = await newSession('nurse');
    const stepUp = posting(session, '/.wardgate/step-up');
    clock.advance(6 * minute);
    const wrong = wrongCode('nurse');
    const elsewhere = await Promise.all([1, 2, 3].map(() => atTheCode('nurse')));
    expect((await elsewhere[0]?.(wrong, '198.51.100.1'))?.status).toBe(403);
    expect((await stepUp(wrong, '198.51.100.2')).status).toBe(403);
    expect((await elsewhere[1]?.(wrong, '198.51.100.3'))?.status).toBe(403);
    expect((await elsewhere[2]?.('ABCDE-FGHJK-MNPQR-STVWX-YZ012-3', '198.51.100.4'))?.status).toBe(403);
    expect((await stepUp(wrong, '198.51.100.5')).status).toBe(429);
    const blocked = recordsOf(demo, 'second-factor-blocked').length;
    const right = codeAt(demo, 'nurse', clock);
    for (const send of [...elsewhere, stepUp, await atTheCode('nurse')])
      expect(await send(right, '203.0.113.9')).toEqual({ status: 429, signedIn: false });
    expect(recordsOf(demo, 'second-factor-blocked').length - blocked).toBe(5);
    expect(new Set(recordsOf(demo, 'second-factor-failed').map((one) => one['address'])).size).toBe(5);
    // The session goes on; what wants a fresh code stays shut.
    expect((await script(session, `${demo.origin}/finder`)).status).toBe(200);
    await expectRefused(demo, () => script(session, `${demo.origin}/admin/users`), 401, 'second-factor-required');
    expect((await (await atTheCode('physician'))(codeAt(demo, 'physician', clock))).signedIn).toBe(true);
    clock.advance(15 * minute);
    expect((await (await atTheCode('nurse'))(codeAt(demo, 'nurse', clock))).signedIn).toBe(true);
  });

  test('two hundred wrong codes at the same moment from as many addresses are five tries', async () => {
    const before = recordsOf(demo, 'second-factor-failed').length;
    const wrong = wrongCode('billing');
    const browsers = await Promise.all(Array.from({ length: 10 }, () => atTheCode('billing')));
    const statuses = (
      await Promise.all(Array.from({ length: 200 }, async (_, n) => browsers[n % 10]?.(wrong, `198.51.100.${n}`)))
    ).map((one) => one?.status);
    expect(statuses.filter((status) => status === 403)).toHaveLength(4);
    expect(statuses.filter((status) => status === 429)).toHaveLength(196);
    expect(recordsOf(demo, 'second-factor-failed').length - before).toBe(5);
  });
});

describe('one code in fifty posts at the same moment', () => {
  test('lets exactly one through, at the sign-in and the step-up together', async () => {
    const people = [await newSession('it'), await newSession('it'), await newSession('it')];
    const sessions = people.map((client) => posting(client, '/.wardgate/step-up'));
    clock.advance(minute);
    const ways = [...sessions, ...(await Promise.all(Array.from({ length: 7 }, () => atTheCode('it'))))];
    const before = recordsOf(demo, 'second-factor').length;
    const held = demo.gateway.composed.state.sessions.size;
    const code = codeAt(demo, 'it', clock);
    const posts = await withoutTheEhr(demo, () =>
      Promise.all(Array.from({ length: 50 }, async (_, n) => ways[n % ways.length]?.(code, `198.51.100.${n}`))),
    );
    expect(posts.filter((one) => one?.signedIn === true)).toHaveLength(1);
    expect(recordsOf(demo, 'second-factor').length - before).toBe(1);
    expect(demo.gateway.composed.state.sessions.size - held).toBeLessThanOrEqual(1);
    for (const one of posts) expect([303, 403, 429]).toContain(one?.status);
  });

  test('a recovery code lets exactly one through as well, and is gone', async () => {
    const code = await recoveryCodeFor('records');
    const session = await newSession('records');
    clock.advance(minute);
    const ways = [
      posting(session, '/.wardgate/step-up'),
      ...(await Promise.all(Array.from({ length: 9 }, () => atTheCode('records')))),
    ];
    const before = recordsOf(demo, 'recovery-code-used').length;
    const posts = await Promise.all(
      Array.from({ length: 50 }, async (_, n) =>
        ways[n % ways.length]?.(n % 2 === 0 ? code : code.toLowerCase().replaceAll('-', ' ')),
      ),
    );
    expect(posts.filter((one) => one?.signedIn === true)).toHaveLength(1);
    expect(recordsOf(demo, 'recovery-code-used').slice(before)).toMatchObject([
      { subject: { sub: 'records' }, detail: '0 codes left' },
    ]);
    clock.advance(40 * minute);
    expect((await (await atTheCode('records'))(code)).signedIn).toBe(false);
  });
});

describe('a clock that is set', () => {
  test('back brings no code back, used or not, until it has passed the last accepted one', async () => {
    const wall = new ShiftingClock();
    const place = await story({ rules, clock: wall });
    const tryCode = async (code: string): Promise<boolean> => {
      const client = new CookieClient();
      const challenge = await client.page(`${place.origin}/.wardgate/sign-in?login_hint=nurse`);
      await client.form(challenge.url, { code });
      return sessionCookie(client, place) !== undefined;
    };
    const before = codeAt(place, 'nurse', wall);
    wall.forward({ seconds: 60 });
    const used = codeAt(place, 'nurse', wall);
    expect(await tryCode(used)).toBe(true);
    wall.forward({ seconds: -60 });
    expect(await tryCode(used)).toBe(false);
    expect(await tryCode(before)).toBe(false);
    expect(await tryCode(codeAt(place, 'nurse', wall))).toBe(false);
    wall.forward({ seconds: 90 });
    expect(await tryCode(used)).toBe(false);
    expect(await tryCode(codeAt(place, 'nurse', wall))).toBe(true);
    await place.close();
  });

  test('back or ahead changes no block', async () => {
    const wall = new ShiftingClock();
    const place = await story({ rules, clock: wall });
    const client = new CookieClient();
    const challenge = await client.page(`${place.origin}/.wardgate/sign-in?login_hint=nurse`);
    const send = async (code: string) => client.form(challenge.url, { code });
    for (let n = 0; n < 5; n += 1) await send('nonsense');
    // Ahead of the block's end, and within the ten minutes of this sign-in.
    for (const minutes of [9, -600]) {
      wall.forward({ minutes });
      const other = new CookieClient();
      const page = await other.page(`${place.origin}/.wardgate/sign-in?login_hint=nurse`);
      const reply = await other.form(page.url, { code: codeAt(place, 'nurse', wall) });
      expect(reply.status).toBe(429);
      const wait = Number(reply.headers['retry-after']);
      expect(wait).toBeGreaterThan(14 * 60);
      expect(wait).toBeLessThanOrEqual(15 * 60);
    }
    await place.close();
  });
});

/** A recovery code put where an enrolment puts it. */
async function recoveryCodeFor(name: string): Promise<string> {
  const { factors } = demo.gateway.composed.state;
  const subject = { issuer: demo.provider.issuer, sub: name };
  const kept = await factors.totp(subject.issuer, name);
  if (kept === null) throw new Error(`Persona "${name}" has no second factor`);
  const code = formatRecoveryCode(new Uint8Array(16).fill(9));
  await factors.remove(subject.issuer, name);
  await factors.enrolTotp(subject.issuer, name, kept.sealedSecret, kept.lastStep, kept.enrolledAt, [
    recoveryHash(subject, normaliseRecoveryCode(code) ?? ''),
  ]);
  return code;
}
