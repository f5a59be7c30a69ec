// Confirming once more, in the middle of work: whoever confirms is back exactly where they were, a form with its bytes
// included, once; nobody else can make use of it, and the record names the rule that asked.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import {
  arrive,
  browserWith,
  codeAt,
  problemOf,
  recordsOf,
  roleLines,
  script,
  sessionCookie,
  withoutTheEhr,
} from '../support/clinic-story.ts';
import type { CookieClient, Reply } from '../support/cookie-client.ts';
import { story } from '../support/demo-story.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const rules = `${roleLines}
rules:
  - { name: orders, paths: [/chart/orders], methods: [POST], allow: nurse, hold: false, freshFactor: 5m }
  - { name: signed, paths: [/chart/notes, /chart/signed], methods: [GET, POST], allow: [nurse, physician], freshFactor: 5m }
  - { name: letters, paths: [/letters], methods: [GET, POST], allow: physician, emergency: nurse }
  - { name: both, paths: [/upload], methods: [GET, POST], allow: physician, emergency: nurse, freshFactor: 5m }
  - { name: find, paths: [/finder, /main, /welcome], allow: everyone }
`;
const held = '/.wardgate/held';
const notes = '/chart/notes?pid=7';
const formType = 'application/x-www-form-urlencoded';
const navigation = {
  'sec-fetch-dest': 'document',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-site': 'same-origin',
  accept: 'text/html',
};

let demo: Demo;
let clock: ShiftingClock;

beforeAll(async () => {
  clock = new ShiftingClock();
  demo = await story({ rules, clock, gatewayLines: ['limits: { heldPost: 4KB }'] });
});
afterAll(async () => demo.close());
beforeEach(() => clock.forward({ minutes: 31 }));

const url = (path: string): string => demo.origin + path;
const postsAtEhr = (path: string): number =>
  demo.ehr.requests().filter(({ method, target }) => method === 'POST' && target.startsWith(path)).length;

/** Somebody at work whose proof has grown old. */
async function atWork(name = 'nurse'): Promise<CookieClient> {
  const client = await arrive(demo, name, clock);
  clock.forward({ minutes: 6 });
  return client;
}

function send(client: CookieClient, note: string, path = notes, headers: Record<string, string> = {}): Promise<Reply> {
  const body = new URLSearchParams({ note, visit: '12' }).toString();
  return client.ask(url(path), {
    method: 'POST',
    body,
    headers: { ...navigation, 'content-type': formType, origin: demo.origin, ...headers },
  });
}

/** The page that asks, by the refusal of a form. */
async function asked(act: () => Promise<Reply>, page = 'step-up'): Promise<string> {
  const reply = await withoutTheEhr(demo, act);
  expect(reply.status).toBe(303);
  const where = reply.headers.location ?? '';
  expect(where).toMatch(new RegExp(String.raw`^/\.wardgate/${page}\?return=%2F\.wardgate%2Fheld&post=[\w-]{43}$`));
  return where;
}

function confirm(client: CookieClient, where: string, name = 'nurse', code = codeAt(demo, name, clock)): Promise<Reply> {
  const headers = { ...navigation, 'content-type': formType, origin: demo.origin };
  return client.ask(url(where), { method: 'POST', body: `code=${code}`, headers });
}

/** What the page after a confirmation sends by itself; null where it sends nothing. */
function straight({ text }: Reply): { readonly action: string; readonly id: string } | null {
  const found =
    /<form method="post" action="([^"]+)" data-send>\s*<input type="hidden" name="wardgate-held" value="([^"]+)"/.exec(text);
  return found === null ? null : { action: (found[1] ?? '').replaceAll('&amp;', '&'), id: found[2] ?? '' };
}

function sendOn(
  client: CookieClient,
  { action, id }: { action: string; id: string },
  more: Record<string, string> = {},
): Promise<Reply> {
  const headers = { ...navigation, 'content-type': formType, origin: demo.origin, ...more };
  return client.ask(url(action), { method: 'POST', body: `wardgate-held=${id}`, headers });
}

function expectStraight(reply: Reply): { action: string; id: string } {
  const found = straight(reply);
  if (found === null) throw new Error(`Nothing is sent by ${reply.status}: ${reply.text}`);
  return found;
}

describe('a form', () => {
  test('goes on as soon as its person has confirmed: once, with its bytes, to the answer of the EHR', async () => {
    const client = await atWork();
    const where = await asked(() => send(client, 'Signed & sealed'));
    const page = await client.page(url(where));
    expect([page.status, page.text.includes('Confirm once more')]).toEqual([200, true]);
    const confirmed = await withoutTheEhr(demo, () => confirm(client, where));
    const form = expectStraight(confirmed);
    expect([form.action, confirmed.headers['cache-control']]).toEqual([notes, 'no-store']);
    const before = postsAtEhr('/chart/notes');
    const replies = await Promise.all([sendOn(client, form), sendOn(client, form)]);
    expect(replies.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([302, 409]);
    expect(postsAtEhr('/chart/notes') - before).toBe(1);
    expect((await client.page(url(notes))).text).toContain('Signed &amp; sealed');
  });

  test('arrives with the very bytes and type it was sent with, also without any', async () => {
    const client = await atWork();
    const body = '--x\r\nContent-Disposition: form-data; name="note"\r\n\r\nKnee  \r\n--x--\r\n';
    for (const [bytes, type] of [
      [body, 'multipart/form-data; boundary=x'],
      ['', formType],
    ] as const) {
      const headers = { ...navigation, 'content-type': type, origin: demo.origin };
      const where = await asked(() => client.ask(url(notes), { method: 'POST', body: bytes, headers }));
      clock.forward({ minutes: 1 });
      const arrived = await sendOn(client, expectStraight(await confirm(client, where)));
      expect(arrived.status).toBeLessThan(500);
      const seen = demo.ehr.requests().at(-1);
      expect([seen?.bodyBytes, seen?.headers.includes(type)]).toEqual([Buffer.byteLength(bytes), true]);
      clock.forward({ minutes: 6 });
    }
  });

  test('sent twice by two clicks, or once more after Back, is one form', async () => {
    const client = await atWork();
    const places = await Promise.all([asked(() => send(client, 'One alone')), asked(() => send(client, 'One alone'))]);
    expect(places[0]).toBe(places[1]);
    expect(await asked(() => send(client, 'One alone'))).toBe(places[0]);
    expect(await asked(() => send(client, 'Another one'))).not.toBe(places[0]);
  });

  test('of two tabs each goes on for itself', async () => {
    const client = await atWork();
    const [left, right] = [await asked(() => send(client, 'Left tab')), await asked(() => send(client, 'Right tab'))];
    const first = expectStraight(await confirm(client, left));
    clock.forward({ minutes: 1 });
    const second = expectStraight(await confirm(client, right));
    expect(first.id).not.toBe(second.id);
    expect((await sendOn(client, second)).status).toBe(302);
    expect((await sendOn(client, first)).status).toBe(302);
  });

  test('is not sent again by Back: the page of what was kept says that it was sent', async () => {
    const client = await atWork();
    const where = await asked(() => send(client, 'Only once'));
    await sendOn(client, expectStraight(await confirm(client, where)));
    clock.forward({ minutes: 1 });
    const again = await confirm(client, where);
    expect([again.status, again.headers.location]).toEqual([303, held]);
    expect((await client.page(url(held))).text).toContain('It was sent');
  });

  test.each([
    ['five minutes later', { minutes: 5 }, true],
    ['half an hour later', { minutes: 31 }, false],
  ])('confirmed for %s waits for a word of its person', async (_when, passed, kept) => {
    const client = await atWork();
    const where = await asked(() => send(client, 'Rather late'));
    for (let minutes = 0; minutes < passed.minutes; minutes += 8) {
      clock.forward({ minutes: Math.min(8, passed.minutes - minutes) });
      await client.page(url('/main'), { 'sec-fetch-site': 'none' });
    }
    const reply = await confirm(client, where);
    expect([reply.status, reply.headers.location]).toEqual([303, held]);
    expect((await client.page(url(held))).text.includes('Rather late')).toBe(kept);
  });

  test('of another person at the same browser, or of another session of the same one, is not sent by confirming', async () => {
    const client = await atWork();
    const where = await asked(() => send(client, 'For the nurse alone'));
    await arrive(demo, 'physician', clock, client);
    clock.forward({ minutes: 1 });
    const theirs = await confirm(client, where, 'physician');
    expect([theirs.headers.location, theirs.text.includes('For the nurse')]).toEqual([held, false]);
    expect((await client.page(url(held))).text).toContain('Nothing is kept for you');
    await arrive(demo, 'nurse', clock, client);
    clock.forward({ minutes: 1 });
    expect((await confirm(client, where)).headers.location).toBe(held);
  });

  test('that is an order is sent while its person confirms for it, and offered as text later', async () => {
    const client = await atWork();
    const where = await asked(() => send(client, 'Morphine 5 mg', '/chart/orders'));
    const form = expectStraight(await confirm(client, where));
    const before = postsAtEhr('/chart/orders');
    await sendOn(client, form);
    expect(postsAtEhr('/chart/orders') - before).toBe(1);
    clock.forward({ minutes: 6 });
    const late = await asked(() => send(client, 'Morphine 6 mg', '/chart/orders'));
    clock.forward({ minutes: 6 });
    await confirm(client, late);
    const id = /post=([\w-]+)/.exec(late)?.[1] ?? '';
    const reply = await withoutTheEhr(demo, () => sendOn(client, { action: '/chart/orders', id }));
    expect([reply.status, reply.text.includes('held-post-by-rule')]).toEqual([403, true]);
  });

  test.each([
    ['too large', 'long '.repeat(1000), {}, 'larger than the 4000 bytes'],
    ['without an origin', 'x y', { origin: 'null' }, 'names no page of ours'],
    ['compressed', 'x y', { 'content-encoding': 'gzip' }, 'names no page of ours'],
  ])('%s is not kept, and the page says so before anything is lost', async (_what, note, headers, says) => {
    const client = await atWork();
    const before = recordsOf(demo, 'post-held').length;
    const reply = await withoutTheEhr(demo, () => send(client, note, notes, headers));
    expect([reply.status, reply.text.includes(says), reply.text.includes('form-not-kept')]).toEqual([401, true, true]);
    expect(recordsOf(demo, 'post-held').length).toBe(before);
  });

  test('beyond three of one person is not kept', async () => {
    const client = await atWork();
    for (const note of ['one', 'two', 'three']) await asked(() => send(client, note));
    expect((await withoutTheEhr(demo, () => send(client, 'four'))).text).toContain('is waiting already');
  });

  test('is not sent by the old proof: the marker alone is asked for a confirmation like the form itself', async () => {
    const client = await atWork();
    const where = await asked(() => send(client, 'Not yet'));
    const id = /post=([\w-]+)/.exec(where)?.[1] ?? '';
    const reply = await withoutTheEhr(demo, () => sendOn(client, { action: notes, id }));
    expect([reply.status, reply.headers.location]).toEqual([303, where]);
  });

  test('that was on its way while another tab confirmed is asked about like any other', async () => {
    const client = await atWork();
    const before = sessionCookie(client, demo) ?? '';
    await confirm(client, '/.wardgate/step-up');
    await asked(() => send(browserWith(demo, { wardgate: before }), 'On its way'));
  });
});

describe('what is not a form', () => {
  test('a page comes back with its query, a frame within itself', async () => {
    const client = await atWork();
    const frame = { 'sec-fetch-dest': 'iframe', 'sec-fetch-mode': 'navigate', accept: 'text/html' };
    const reply = await withoutTheEhr(demo, () => client.ask(url('/chart/notes?pid=7&tab=2'), { headers: frame }));
    const where = '/.wardgate/step-up?return=%2Fchart%2Fnotes%3Fpid%3D7%26tab%3D2';
    expect([reply.status, reply.headers.location]).toEqual([303, where]);
    expect((await client.ask(url(where), { headers: frame })).headers['content-security-policy']).toContain(
      "frame-ancestors 'self'",
    );
    expect((await confirm(client, where)).headers.location).toBe('/chart/notes?pid=7&tab=2');
  });

  test('a form in a frame goes on in that frame', async () => {
    const client = await atWork();
    const frame = { 'sec-fetch-dest': 'iframe' };
    const where = await asked(() => send(client, 'In the frame', notes, frame));
    const form = expectStraight(await confirm(client, where));
    expect((await sendOn(client, form, frame)).status).toBe(302);
  });

  test('a script hears 401 with the remedy, and confirms without leaving its page', async () => {
    const client = await atWork();
    const body = { method: 'POST', body: 'note=x', headers: { 'content-type': formType, origin: demo.origin } };
    const before = recordsOf(demo, 'post-held').length;
    const reply = await withoutTheEhr(demo, () => script(client, url(notes), body));
    expect(problemOf(reply)).toMatchObject({
      status: 401,
      reason: 'second-factor-required',
      remedy: '/.wardgate/step-up?return=%2F',
    });
    expect([reply.headers['wardgate-session'], recordsOf(demo, 'post-held').length]).toEqual(['confirm', before]);
    const path = url('/.wardgate/step-up/confirm');
    const wrong = await script(client, path, { ...body, body: 'code=000000' });
    expect([wrong.status, problemOf(wrong)]).toEqual([403, { confirmed: false, problem: expect.stringContaining('not right') }]);
    const right = await script(client, path, { ...body, body: `code=${codeAt(demo, 'nurse', clock)}` });
    expect([right.status, problemOf(right)]).toEqual([200, { confirmed: true }]);
    expect((await script(client, url(notes), body)).status).toBeLessThan(400);
    const foreign = { ...body, headers: { ...body.headers, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' } };
    expect((await script(client, path, foreign)).status).toBe(403);
  });
});

describe('an emergency', () => {
  test('takes the form along that asked for its reason', async () => {
    const client = await arrive(demo, 'nurse', clock);
    const where = await asked(() => send(client, 'In an emergency', '/letters'), 'emergency');
    const opened = await client.ask(url(where), {
      method: 'POST',
      body: 'reason=the+patient+is+unconscious',
      headers: { ...navigation, 'content-type': formType, origin: demo.origin },
    });
    const before = postsAtEhr('/letters');
    await sendOn(client, expectStraight(opened));
    expect(postsAtEhr('/letters') - before).toBe(1);
  });
});

describe('the record', () => {
  test('names the rule that asked, how it was confirmed and how old the proof before was; a failure too', async () => {
    const client = await atWork();
    const where = await asked(() => send(client, 'On record'));
    const kept = recordsOf(demo, 'post-held').at(-1);
    expect(kept).toMatchObject({ rule: 'signed', subject: { sub: 'nurse' }, method: 'POST' });
    expect(String(kept?.['detail'])).toMatch(/^[\w-]{43}, until it is confirmed$/);
    await confirm(client, where, 'nurse', '000000');
    expect(recordsOf(demo, 'step-up-failed').at(-1)).toMatchObject({
      rule: 'signed',
      reason: 'second-factor-wrong',
      decision: 'refused',
    });
    await confirm(client, where);
    const detail = 'by totp; the proof before was by totp, 6 minutes old';
    expect(recordsOf(demo, 'step-up').at(-1)).toMatchObject({ rule: 'signed', decision: 'allowed', factor: 'totp', detail });
    expect(JSON.stringify(recordsOf(demo, 'post-held'))).not.toContain('On record');
  });
});
