// Somebody signs in at one desk and is signed in at another: asked after their second factor and never before, kept out by
// nothing, and both sessions on record whatever they choose.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import { codeAt, handshake, recordsOf, roleLines, script, sessionCookie } from '../support/clinic-story.ts';
import { CookieClient } from '../support/cookie-client.ts';
import type { Reply } from '../support/cookie-client.ts';
import { eventually, story } from '../support/demo-story.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const rules = `${roleLines}
rules:
  - { name: chart, paths: [/chart, /chart/notes], methods: [GET, POST], allow: [nurse, physician] }
  - { name: bulk, paths: [/files/large, /slow], allow: everyone }
  - { name: messages, paths: [/ws/messages], allow: everyone, webSocket: true }
  - { name: rest, paths: [/main, /welcome], allow: everyone }
`;
const question = '/.wardgate/take-over';

let demo: Demo;
let clock: ShiftingClock;

beforeAll(async () => {
  clock = new ShiftingClock();
  const rewriteGateway = (yaml: string) =>
    yaml
      .replace('health: {', 'tlsEndedBy: [127.0.0.0/8, "::1/128"], health: {')
      .replace('secondFactor: {', 'secondFactor: { remember: { from: clinic, lasts: 10h },');
  const gatewayLines = ['devices: { registeredBy: [it] }'];
  demo = await story({ rules, clock, takeOver: 'ask', rewriteGateway, gatewayLines });
});
afterAll(async () => demo.close());
// Everybody's session of the story before is over, and the next code is a new one.
beforeEach(() => clock.forward({ hours: 13 }));

const url = (path: string): string => demo.origin + path;

/** To the code, as the named person. */
function asked(client: CookieClient, name: string, headers: Record<string, string> = {}, back = '/main'): Promise<Reply> {
  return client.page(url(`/.wardgate/sign-in?login_hint=${name}&return=${encodeURIComponent(back)}`), headers);
}

/** To whatever comes after the code. */
async function arrive(client: CookieClient, name: string, headers: Record<string, string> = {}, back?: string): Promise<Reply> {
  const page = await asked(client, name, headers, back);
  clock.forward({ seconds: 31 });
  return client.form(page.url, { code: codeAt(demo, name, clock) }, headers);
}

function choose(client: CookieClient, page: Reply, choice: 'take' | 'keep', more: Record<string, string> = {}): Promise<Reply> {
  return client.form(page.url, { choice, sessions: namedIn(page), ...more });
}

const namedIn = (page: Reply): string => /name="sessions" value="([^"]*)"/.exec(page.text)?.[1] ?? '';
const isIn = async (client: CookieClient): Promise<boolean> => (await script(client, url('/welcome'))).status === 200;
const referenceOf = async (client: CookieClient): Promise<string> =>
  (JSON.parse((await script(client, url('/.wardgate/me'))).text) as { session: string }).session;

describe('somebody who is signed in elsewhere', () => {
  test('hears where and since when only after the second factor, in the clinic’s time', async () => {
    const first = new CookieClient();
    await arrive(first, 'nurse', { 'x-forwarded-for': '10.20.5.7' });
    const second = new CookieClient();
    const before = await asked(second, 'nurse');
    expect(before.text).not.toMatch(/10\.20\.5\.7|signed in at/);
    const early = await second.page(url(question));
    expect(early.text).not.toContain('10.20.5.7');
    clock.forward({ seconds: 31 });
    const page = await second.form(before.url, { code: codeAt(demo, 'nurse', clock) });
    expect(page.url).toBe(url(`${question}?return=%2Fmain`));
    const { createdAt } = (await demo.gateway.composed.state.sessions.ofSubject(demo.provider.issuer, 'nurse'))[0] ?? {
      createdAt: 0,
    };
    const since = new Intl.DateTimeFormat('en-GB', { timeZone: 'America/Chicago', hour: '2-digit', minute: '2-digit' }).format(
      createdAt,
    );
    // The day stands before it where midnight has passed.
    expect(page.text).toMatch(new RegExp(String.raw`You are signed in at 10\.20\.5\.7 \(desks\) since (?:\d+ \w+, )?${since}\.`));
    expect(page.headers['cache-control']).toBe('no-store');
    expect(sessionCookie(second, demo)).toBeUndefined();
    expect(await isIn(first)).toBe(true);
  });

  test('takes over: the other session ends with all that is under way in it, and both are named on record', async () => {
    const first = new CookieClient();
    await arrive(first, 'nurse');
    const before = await referenceOf(first);
    const report = first.page(url('/slow?seconds=20'));
    await eventually(() => demo.ehr.requests().some(({ target }) => target.startsWith('/slow')), 'the report to be under way');
    const second = new CookieClient();
    const landed = await choose(second, await arrive(second, 'nurse', {}, '/chart?pid=7'), 'take');
    expect([landed.url, landed.status]).toEqual([url('/chart?pid=7'), 200]);
    expect((await report).status).toBe(401);
    expect([await isIn(first), await isIn(second)]).toEqual([false, true]);
    const after = await referenceOf(second);
    expect(recordsOf(demo, 'taken-over').at(-1)).toMatchObject({
      session: after,
      subject: { sub: 'nurse' },
      decision: 'allowed',
    });
    expect(recordsOf(demo, 'taken-over').at(-1)?.['detail']).toContain(`session ${before} at 127.0.0.1 (clinic) since `);
    const ended = recordsOf(demo, 'session-ended').at(-1);
    expect(ended).toMatchObject({ session: before, reason: 'taken-over', detail: `by session ${after}` });
  });

  test('keeps both, on record with both references', async () => {
    const first = new CookieClient();
    await arrive(first, 'nurse');
    const second = new CookieClient();
    await choose(second, await arrive(second, 'nurse'), 'keep');
    expect([await isIn(first), await isIn(second)]).toEqual([true, true]);
    const kept = recordsOf(demo, 'kept-both').at(-1);
    expect(kept).toMatchObject({ session: await referenceOf(second), subject: { sub: 'nurse' } });
    expect(kept?.['detail']).toBe(`beside session ${await referenceOf(first)}; chosen by the person`);
  });

  test('names a known desk, and a factor that is to be remembered there is', async () => {
    const elsewhere = new CookieClient();
    await arrive(elsewhere, 'nurse');
    const desk = new CookieClient();
    await arrive(desk, 'it');
    await desk.form(url('/.wardgate/device'), { kind: 'shared', name: 'WS-OR2' });
    await desk.form(url('/.wardgate/sign-out'), {});
    const code = await asked(desk, 'nurse');
    clock.forward({ seconds: 31 });
    const page = await desk.form(code.url, { code: codeAt(demo, 'nurse', clock), remember: 'yes' });
    const remembered = recordsOf(demo, 'device-remembered').length;
    await choose(desk, page, 'take');
    expect(recordsOf(demo, 'device-remembered').length).toBe(remembered + 1);
    expect((await arrive(new CookieClient(), 'nurse')).text).toMatch(
      /You are signed in at WS-OR2 since (?:\d+ \w+, )?\d\d:\d\d\./,
    );
  });

  test('a form that the other desk still sends is kept for the person', async () => {
    const first = new CookieClient();
    await arrive(first, 'nurse');
    const second = new CookieClient();
    await choose(second, await arrive(second, 'nurse'), 'take');
    await first.ask(url('/chart/notes?pid=7'), {
      method: 'POST',
      body: 'note=Half+typed+there',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'sec-fetch-dest': 'document',
        'sec-fetch-mode': 'navigate',
        origin: demo.origin,
        accept: 'text/html',
      },
    });
    expect((await second.page(url('/.wardgate/held'))).text).toContain('Half typed there');
  });

  test('is asked about a locked session as well, and not about one that is over', async () => {
    const first = new CookieClient();
    await arrive(first, 'nurse');
    clock.forward({ minutes: 16 });
    const second = new CookieClient();
    const page = await arrive(second, 'nurse');
    expect(page.text).toMatch(/It is locked; you were last seen there at (?:\d+ \w+, )?\d\d:\d\d\./);
    await choose(second, page, 'take');
    expect(recordsOf(demo, 'session-ended').at(-1)).toMatchObject({ reason: 'taken-over' });
    clock.forward({ hours: 13 });
    expect((await arrive(new CookieClient(), 'nurse')).url).toBe(url('/main'));
  });

  test('is not asked for the session of the same browser', async () => {
    const client = new CookieClient();
    await arrive(client, 'nurse');
    expect((await arrive(client, 'nurse')).url).toBe(url('/main'));
    expect(recordsOf(demo, 'session-ended').at(-1)).toMatchObject({ reason: 'signed-out' });
  });

  test('goes on where the other session ended while they were thinking', async () => {
    const first = new CookieClient();
    await arrive(first, 'nurse');
    const second = new CookieClient();
    const page = await arrive(second, 'nurse');
    await first.form(url('/.wardgate/sign-out'), {});
    expect((await second.page(page.url)).text).toContain('The other session has ended meanwhile.');
    const before = recordsOf(demo, 'taken-over').length;
    expect((await choose(second, page, 'take')).url).toBe(url('/main'));
    expect(recordsOf(demo, 'taken-over').length).toBe(before);
  });

  test('two sign-ins at the same moment do not wait for each other, and the one is on record beside the other', async () => {
    const both = [new CookieClient(), new CookieClient()];
    const pages: Reply[] = [];
    const kept = recordsOf(demo, 'kept-both').length;
    for (const client of both) {
      const page = await asked(client, 'physician');
      clock.forward({ seconds: 31 });
      pages.push(await client.form(page.url, { code: codeAt(demo, 'physician', clock) }));
    }
    expect(pages.map(({ url: at }) => at)).toEqual([url('/main'), url(`${question}?return=%2Fmain`)]);
    const third = new CookieClient();
    const asking = await arrive(third, 'physician');
    const [answer] = await Promise.all([choose(third, asking, 'take'), choose(both[1] ?? third, pages[1] ?? asking, 'take')]);
    expect(answer?.status).toBe(200);
    const open = await demo.gateway.composed.state.sessions.ofSubject(demo.provider.issuer, 'physician');
    expect(open.length).toBe(2);
    expect(recordsOf(demo, 'kept-both').length - kept).toBeGreaterThan(0);
    expect(recordsOf(demo, 'kept-both').at(-1)?.['detail']).toContain('beside session ');
  });

  test('ends nobody else’s session, whatever the form names', async () => {
    const other = new CookieClient();
    await arrive(other, 'physician');
    const first = new CookieClient();
    await arrive(first, 'nurse');
    const second = new CookieClient();
    const page = await arrive(second, 'nurse');
    await choose(second, page, 'take', { sessions: `${await referenceOf(other)} ${namedIn(page)}` });
    expect([await isIn(other), await isIn(first)]).toEqual([true, false]);
  });

  test('a form from another site answers nothing', async () => {
    const first = new CookieClient();
    await arrive(first, 'nurse');
    const second = new CookieClient();
    const page = await arrive(second, 'nurse');
    const fields = { choice: 'take', sessions: namedIn(page) };
    const reply = await second.form(page.url, fields, { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' });
    expect(reply.status).toBe(403);
    expect([await isIn(first), sessionCookie(second, demo)]).toEqual([true, undefined]);
  });

  test('without the code nothing is asked and nothing opens', async () => {
    const first = new CookieClient();
    await arrive(first, 'nurse');
    const second = new CookieClient();
    await asked(second, 'nurse');
    const reply = await second.form(url(question), { choice: 'take', sessions: await referenceOf(first) });
    expect(sessionCookie(second, demo)).toBeUndefined();
    expect([new URL(reply.url).pathname, await isIn(first)]).toEqual(['/.wardgate/second-factor', true]);
  });
});

test.each([
  ['always', 'taken-over', false],
  ['never', 'kept-both', true],
] as const)('where nobody is asked: %s', async (takeOver, event, staysIn) => {
  const clinic = await story({ rules, clock, takeOver });
  const people = [new CookieClient(), new CookieClient()];
  for (const client of people) {
    const page = await client.page(`${clinic.origin}/.wardgate/sign-in?login_hint=nurse&return=%2Fmain`);
    clock.forward({ seconds: 31 });
    expect((await client.form(page.url, { code: codeAt(clinic, 'nurse', clock) })).url).toBe(`${clinic.origin}/main`);
  }
  expect(recordsOf(clinic, event).length).toBe(1);
  const [first] = people;
  const still = await script(first ?? new CookieClient(), `${clinic.origin}/welcome`);
  expect(still.status === 200).toBe(staysIn);
  if (first !== undefined) expect(await handshake(first, `${clinic.origin}/ws/messages`)).toBe(staysIn ? 101 : 401);
  await clinic.close();
});
