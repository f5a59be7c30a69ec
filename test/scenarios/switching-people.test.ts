// Two people at one registered desk: the second signs in without seeing anything of the first, whose session ends or waits for
// them there, and what the first left half typed is kept for them alone.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import { arrive, browserWith, codeAt, problemOf, recordsOf, restart, roleLines, script, sessionCookie } from '../support/clinic-story.ts'; // prettier-ignore
import { CookieClient } from '../support/cookie-client.ts';
import type { Reply } from '../support/cookie-client.ts';
import { story } from '../support/demo-story.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const rules = `${roleLines}
rules:
  - { name: chart, paths: [/chart, /chart/notes], methods: [GET, POST], allow: [nurse, physician], patient: [query.set_pid, query.pid, session], selectsPatient: query.set_pid }
  - { name: rest, paths: [/main, /welcome, /finder], allow: everyone }
  - { name: bulk, paths: [/slow], allow: everyone }
`;
const page = '/.wardgate/switch';
const held = '/.wardgate/held';
const draft = '/.wardgate/draft';

const clock = new ShiftingClock();

function clinicWith(lines: string, applicationLines?: readonly string[]): Promise<Demo> {
  return story({
    rules,
    clock,
    gatewayLines: ['devices: { registeredBy: [it] }'],
    rewriteGateway: (yaml) => yaml.replace('longest: 12h } }', `longest: 12h }, ${lines} }`),
    ...(applicationLines === undefined ? {} : { applicationLines, ehr: { signOn: 'form' } }),
  });
}

/** Each code is good once, so people come a minute apart. */
async function come(demo: Demo, name: string, client = new CookieClient(), path = '/main'): Promise<CookieClient> {
  clock.forward({ minutes: 1 });
  return arrive(demo, name, clock, client, path);
}

/** A shared desk that IT has registered and left. */
async function desk(demo: Demo, name: string): Promise<CookieClient> {
  const client = await come(demo, 'it');
  const reply = await client.form(`${demo.origin}/.wardgate/device`, { kind: 'shared', name });
  expect(reply.status).toBe(200);
  await client.form(`${demo.origin}/.wardgate/sign-out`, {});
  return client;
}

const open = (demo: Demo, client: CookieClient): Promise<Reply> => client.page(demo.origin + page);

/** The id under which the page offers this person; undefined where it does not. */
function offered(shown: Reply, displayName: string): string | undefined {
  const [, id] = new RegExp(`name="person" value="([^"]+)">\\s*${displayName}<`).exec(shown.text) ?? [];
  return id;
}

/** Chooses who is next; where the sign-in service asks. */
async function leaveTo(demo: Demo, client: CookieClient, person: string): Promise<{ reply: Reply; provider: URL }> {
  const reply = await client.form(demo.origin + page, { person });
  const [, to = ''] = /data-leaving href="([^"]+)"/.exec(reply.text) ?? [];
  return { reply, provider: new URL(to.replaceAll('&amp;', '&'), demo.origin) };
}

/** The next person, from the page of the desk to wherever they land. */
async function next(demo: Demo, client: CookieClient, name: string, person = ''): Promise<Reply> {
  const { provider } = await leaveTo(demo, client, person);
  // The demo's service takes whoever is named; a person there would choose themselves.
  provider.searchParams.set('login_hint', name);
  clock.forward({ minutes: 1 });
  const challenge = await client.page(provider.href);
  return client.form(challenge.url, { code: codeAt(demo, name, clock) });
}

function keepDraft(demo: Demo, client: CookieClient, body: unknown, headers: Record<string, string> = {}): Promise<Reply> {
  const json = { 'content-type': 'application/json', origin: demo.origin, ...headers };
  return script(client, demo.origin + draft, { method: 'POST', body: JSON.stringify(body), headers: json });
}

const note = (text: string) => ({ path: '/chart/notes?pid=7', fields: [['note', text]] });
const me = async (demo: Demo, client: CookieClient): Promise<Record<string, unknown>> =>
  problemOf(await script(client, `${demo.origin}/.wardgate/me`));
const nameOf = (demo: Demo, name: string): string => demo.personas.find((one) => one.name === name)?.displayName ?? '';

describe('a desk where the first person’s session waits', () => {
  let demo: Demo;
  beforeAll(async () => {
    demo = await clinicWith('switch: { first: park, drafts: 1h }');
  });
  afterAll(async () => demo.close());

  test('names the last people by their display names alone, and is asked for the next one anew', async () => {
    const client = await desk(demo, 'WS-1');
    for (const name of ['nurse', 'physician']) await come(demo, name, client);
    const shown = await open(demo, client);
    expect(shown.text).toContain('Signed in lately at WS-1:');
    expect(shown.text).toContain(`${nameOf(demo, 'physician')} is signed in here`);
    const id = offered(shown, nameOf(demo, 'nurse')) ?? 'none';
    expect([offered(shown, nameOf(demo, 'physician')), shown.text.includes('value="nurse"')]).toEqual([undefined, false]);
    expect(shown.headers['cache-control']).toBe('no-store');
    const before = sessionCookie(client, demo);
    const { reply, provider } = await leaveTo(demo, client, id);
    expect(Object.fromEntries(provider.searchParams)).toMatchObject({ login_hint: 'nurse', prompt: 'login', max_age: '60' });
    expect(reply.headers['clear-site-data']).toBe('"cache", "storage"');
    expect([sessionCookie(client, demo), before === undefined]).toEqual([undefined, false]);
    expect(client.jar.get(new URL(demo.origin).host)?.has('wardgate-device')).toBe(true);
  });

  test('gives the next person nothing of the first: session, patient, drafts, list of sessions', async () => {
    const client = await desk(demo, 'WS-2');
    await come(demo, 'nurse', client);
    await client.page(`${demo.origin}/chart?set_pid=7`);
    const first = await me(demo, client);
    const cookie = sessionCookie(client, demo) ?? '';
    expect((await keepDraft(demo, client, note('For the nurse alone'))).status).toBe(204);
    const landed = await next(demo, client, 'physician');
    expect(new URL(landed.url).pathname).toBe('/');
    const second = await me(demo, client);
    expect([second['name'], second['session'] === first['session']]).toEqual(['physician', false]);
    expect((await client.page(demo.origin + held)).text).toContain('Nothing is kept for you');
    // The chart without a patient in its address leans on the session, and this one has chosen nobody.
    expect((await client.page(`${demo.origin}/chart`)).text).not.toMatch(/pid=7|set_pid=7/);
    for (const path of ['/.wardgate/me', held, page]) {
      const text = (await client.page(demo.origin + path)).text;
      expect([path, text.includes('For the nurse alone'), text.includes(String(first['session']))]).toEqual([path, false, false]);
    }
    // Whoever had copied the first person's cookie holds nothing any more.
    expect((await script(browserWith(demo, { wardgate: cookie }), `${demo.origin}/welcome`)).status).toBe(401);
    const away = recordsOf(demo, 'switched-away').at(-1);
    expect(away).toMatchObject({ session: first['session'], subject: { sub: 'nurse' }, device: 'WS-2' });
    expect(away?.['detail']).toMatch(/^parked at "WS-2"; last seen .* by navigation/);
    const to = recordsOf(demo, 'switched-to').at(-1);
    expect(to).toMatchObject({ session: second['session'], subject: { sub: 'physician' } });
    expect(to?.['detail']).toBe(`after session ${String(first['session'])}`);
  });

  test('gives the first person their session and their draft back, after their own factor', async () => {
    const client = await desk(demo, 'WS-3');
    await come(demo, 'nurse', client);
    const first = await me(demo, client);
    await client.page(`${demo.origin}/chart?set_pid=7`);
    await keepDraft(demo, client, note('Knee swollen,\nwarm'));
    await next(demo, client, 'physician');
    const back = await next(demo, client, 'nurse', offered(await open(demo, client), nameOf(demo, 'nurse')) ?? '');
    expect(new URL(back.url).pathname).toBe(held);
    expect(back.text).toContain('>\nKnee swollen,\nwarm</textarea>');
    expect(back.text).toMatch(/Half typed at \d\d:\d\d in\s+<code>\/chart\/notes<\/code>/);
    expect(back.text).not.toContain('Send it now');
    expect((await me(demo, client))['session']).toBe(first['session']);
    const to = recordsOf(demo, 'switched-to').at(-1);
    expect(to).toMatchObject({ session: first['session'], subject: { sub: 'nurse' } });
    expect(to?.['detail']).toMatch(/^after session \S+; back in their own session, locked since /);
    expect(JSON.stringify(recordsOf(demo, 'draft-held'))).not.toContain('Knee');
    expect(recordsOf(demo, 'draft-held').at(-1)).toMatchObject({ subject: { sub: 'nurse' }, target: '/chart/notes' });
    const id = String(recordsOf(demo, 'draft-held').at(-1)?.['detail']);
    expect((await client.form(demo.origin + held, { discard: id })).text).not.toContain('Knee swollen');
  });

  test('keeps a parked session over a restart, within its limits, and then it is over', async () => {
    const client = await desk(demo, 'WS-4');
    await come(demo, 'nurse', client);
    const first = await me(demo, client);
    await leaveTo(demo, client, '');
    const again = await restart(demo, demo.gateway, clock);
    Object.assign(demo, { gateway: again, close: async () => again.close() });
    await come(demo, 'nurse', client);
    expect((await me(demo, client))['session']).toBe(first['session']);
    await leaveTo(demo, client, '');
    clock.forward({ minutes: 31 });
    await come(demo, 'nurse', client);
    expect((await me(demo, client))['session']).not.toBe(first['session']);
  });

  test.each([
    ['another person at the same desk', 'physician', 'here'],
    ['the same person at another desk', 'nurse', 'elsewhere'],
    ['the same person in an unknown browser', 'nurse', 'unknown'],
  ])('is not taken up by %s', async (_who, name, where) => {
    const client = await desk(demo, `WS-5 ${where}`);
    await come(demo, 'nurse', client);
    const first = await me(demo, client);
    await leaveTo(demo, client, '');
    const other = where === 'here' ? client : where === 'unknown' ? new CookieClient() : await desk(demo, 'WS-6');
    await come(demo, name, other);
    expect((await me(demo, other))['session']).not.toBe(first['session']);
    const { sessions } = demo.gateway.composed.state;
    const waiting = (await sessions.ofSubject(demo.provider.issuer, 'nurse')).find((one) => one.reference === first['session']);
    expect(waiting?.parked).toBe(waiting?.device?.id);
  });

  test('cuts what is under way for the first person', async () => {
    const client = await desk(demo, 'WS-7');
    await come(demo, 'nurse', client);
    const before = demo.ehr.requests().length;
    const report = client.page(`${demo.origin}/slow?seconds=20`);
    await expect.poll(() => demo.ehr.requests().length).toBeGreaterThan(before);
    await leaveTo(demo, client, '');
    expect((await report).status).toBe(401);
  });

  test('takes whoever wants off its list, and nobody else', async () => {
    const client = await desk(demo, 'WS-8');
    for (const name of ['nurse', 'physician']) await come(demo, name, client);
    await client.form(demo.origin + page, { forget: '1' });
    await come(demo, 'front-desk', client);
    const shown = await open(demo, client);
    expect([offered(shown, nameOf(demo, 'nurse')) !== undefined, offered(shown, nameOf(demo, 'physician'))]).toEqual([true, undefined]); // prettier-ignore
    await client.form(`${demo.origin}/.wardgate/sign-out`, {});
    await client.form(demo.origin + page, { forget: '1' });
    expect(offered(await open(demo, client), nameOf(demo, 'nurse'))).toBeDefined();
  });

  test('forgets everybody after a shift', async () => {
    const client = await desk(demo, 'WS-9');
    await come(demo, 'nurse', client);
    clock.forward({ hours: 12 });
    expect((await open(demo, client)).text).toContain('Nobody else has signed in here lately.');
  });

  test('is a desk that IT registered: no other browser has a list', async () => {
    const unknown = await come(demo, 'nurse');
    const own = await come(demo, 'physician');
    await own.form(`${demo.origin}/.wardgate/device`, { kind: 'own', name: 'Laptop' });
    for (const client of [unknown, own, new CookieClient()]) {
      const shown = await open(demo, client);
      expect(shown.text).toContain('This is no shared desk that is registered');
      expect([...shown.text.matchAll(/name="person"/g)]).toHaveLength(1);
    }
    // There the session of whoever leaves ends: nobody could take it up again.
    await next(demo, own, 'nurse');
    expect(recordsOf(demo, 'session-ended').at(-1)).toMatchObject({ reason: 'switched-away', subject: { sub: 'physician' } });
  });
});

describe('attacks', () => {
  let demo: Demo;
  beforeAll(async () => {
    demo = await clinicWith('switch: { first: park }');
  });
  afterAll(async () => demo.close());

  test('a form of another site makes nobody leave', async () => {
    const client = await desk(demo, 'WS-1');
    await come(demo, 'nurse', client);
    const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    const reply = await client.form(demo.origin + page, { person: '' }, foreign);
    expect([reply.status, (await me(demo, client))['name']]).toEqual([403, 'nurse']);
  });

  test('a script of the EHR neither makes anybody leave nor reads who works here', async () => {
    const client = await desk(demo, 'WS-2');
    await come(demo, 'nurse', client);
    const read = await script(client, demo.origin + page);
    expect([read.status, read.text.includes(nameOf(demo, 'nurse'))]).toEqual([403, false]);
    const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: demo.origin };
    const left = await script(client, demo.origin + page, { method: 'POST', body: 'person=', headers });
    expect([left.status, (await me(demo, client))['name']]).toEqual([403, 'nurse']);
  });

  test.each(['physician', 'nurse&prompt=none', '"><script>', '../../', 'x'.repeat(5000)])(
    'a made-up person (%s) becomes no hint',
    async (person) => {
      const client = await desk(demo, `WS ${String(Math.random()).slice(2)}`);
      await come(demo, 'nurse', client);
      const { provider } = await leaveTo(demo, client, person);
      expect([provider.searchParams.get('login_hint'), provider.searchParams.get('prompt')]).toEqual([null, 'login']);
    },
  );

  test('an id of another desk names nobody here', async () => {
    const there = await desk(demo, 'WS-3');
    await come(demo, 'nurse', there);
    await leaveTo(demo, there, '');
    const id = offered(await open(demo, there), nameOf(demo, 'nurse')) ?? 'none';
    const here = await desk(demo, 'WS-4');
    const { provider } = await leaveTo(demo, here, id);
    expect(provider.searchParams.get('login_hint')).toBeNull();
  });

  test('a draft is sent by nobody, and its id is worth nothing to another person', async () => {
    const client = await desk(demo, 'WS-5');
    await come(demo, 'nurse', client);
    await keepDraft(demo, client, note('Not for sending'));
    const id = String(recordsOf(demo, 'draft-held').at(-1)?.['detail']);
    const posts = () => demo.ehr.requests().filter(({ method }) => method === 'POST').length;
    const before = posts();
    for (const name of [null, 'physician']) {
      if (name !== null) await next(demo, client, name);
      const reply = await client.form(`${demo.origin}/chart/notes?pid=7`, { 'wardgate-held': id });
      expect([reply.status, reply.text.includes('Not for sending')]).toEqual([409, false]);
    }
    await client.form(demo.origin + held, { discard: id });
    expect([posts(), recordsOf(demo, 'post-discarded').length]).toEqual([before, 0]);
  });

  test.each([
    ['of another site', { origin: 'https://evil.example' }, note('x'), 403],
    ['that is none', {}, { path: 7 }, 400],
    ['of nothing typed', {}, { path: '/chart', fields: [['note', '   ']] }, 400],
    ['of a password', {}, { path: '/chart', fields: [['newPassword', 'secret']] }, 400],
    ['for an address that is none', {}, { path: '//evil.example/', fields: [['note', 'x y']] }, 409],
  ])('no draft is kept %s', async (_what, headers, body, status) => {
    const client = await come(demo, 'nurse');
    const before = recordsOf(demo, 'draft-held').length;
    expect((await keepDraft(demo, client, body, headers)).status).toBe(status);
    expect(recordsOf(demo, 'draft-held').length).toBe(before);
  });

  test('a stranger keeps no draft, and nobody more than there is room for', async () => {
    expect((await keepDraft(demo, new CookieClient(), note('x'))).status).toBe(401);
    const client = await come(demo, 'records');
    const kept: number[] = [];
    for (const text of ['one', 'two', 'three', 'four']) kept.push((await keepDraft(demo, client, note(text))).status);
    expect(kept).toEqual([204, 204, 204, 409]);
  });
});

test('where the first person’s session ends, its session at the EHR is closed and nothing waits', async () => {
  const demo = await clinicWith('switch: { first: end }, switchKey: off');
  const client = await desk(demo, 'WS-1');
  await come(demo, 'nurse', client);
  const first = await me(demo, client);
  expect(problemOf(await script(client, `${demo.origin}/.wardgate/activity`))['switchKey']).toBeNull();
  await next(demo, client, 'physician');
  expect(recordsOf(demo, 'session-ended').at(-1)).toMatchObject({ session: first['session'], reason: 'switched-away' });
  expect(await demo.gateway.composed.state.sessions.ofSubject(demo.provider.issuer, 'nurse')).toEqual([]);
  await next(demo, client, 'nurse');
  expect((await me(demo, client))['session']).not.toBe(first['session']);
  await demo.close();
});
