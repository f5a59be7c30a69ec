// A note that was typed while its session was locked or over is kept for its person, shown to them alone after they are back,
// and sent once on their word. Nobody else's is kept, and nothing reaches the EHR before.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import { arrive, browserWith, codeAt, recordsOf, restart, roleLines, script, withoutTheEhr } from '../support/clinic-story.ts';
import { CookieClient } from '../support/cookie-client.ts';
import type { Ask, Reply } from '../support/cookie-client.ts';
import { eventually, story } from '../support/demo-story.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const rules = `${roleLines}
denyAlways: [/chart/closed]
rules:
  - { name: orders, paths: [/chart/orders], methods: [POST], allow: nurse, hold: false }
  - { name: signed, paths: [/chart/signed], methods: [POST], allow: nurse, freshFactor: 5m }
  - { name: notes, paths: [/chart/notes, /upload], methods: [GET, POST], allow: [nurse, physician] }
  - { name: find, paths: [/finder, /main, /welcome], allow: everyone }
`;
const held = '/.wardgate/held';
const notes = '/chart/notes?pid=7';
const formType = 'application/x-www-form-urlencoded';

let demo: Demo;
let clock: ShiftingClock;

beforeAll(async () => {
  clock = new ShiftingClock();
  demo = await story({ rules, clock, gatewayLines: ['limits: { heldPost: 4KB }'] });
});
afterAll(async () => demo.close());
// What the story before kept is over.
beforeEach(() => clock.forward({ minutes: 31 }));

const url = (path: string): string => demo.origin + path;

/** Somebody whose session ended while nobody was there. */
async function gone(name = 'nurse'): Promise<CookieClient> {
  const client = await arrive(demo, name, clock);
  clock.forward({ minutes: 46 });
  return client;
}

function send(client: CookieClient, note: string, headers: Ask['headers'] = {}, path = notes): Promise<Reply> {
  const browser = {
    'sec-fetch-dest': 'document',
    'sec-fetch-mode': 'navigate',
    'sec-fetch-site': 'same-origin',
    accept: 'text/html',
  };
  const more = { ...browser, 'content-type': formType, origin: demo.origin, ...headers };
  return client.ask(url(path), { method: 'POST', body: new URLSearchParams({ note, visit: '12' }).toString(), headers: more });
}

/** What the page of held posts offers to send: the addresses and the ids. */
function offers(page: Reply): { readonly action: string; readonly id: string }[] {
  const found = page.text.matchAll(
    /<form method="post" action="([^"]+)">\s*<input type="hidden" name="wardgate-held" value="([^"]+)"/g,
  );
  return [...found].map(([, action = '', id = '']) => ({ action: action.replaceAll('&amp;', '&'), id }));
}

async function shown(client: CookieClient): Promise<Reply> {
  const page = await client.page(url(held));
  expect(page.status).toBe(200);
  return page;
}

function sendHeld(client: CookieClient, { action, id }: { action: string; id: string }): Promise<Reply> {
  const browser = {
    'sec-fetch-dest': 'document',
    'sec-fetch-mode': 'navigate',
    'sec-fetch-site': 'same-origin',
    accept: 'text/html',
  };
  const headers = { ...browser, 'content-type': formType, origin: demo.origin };
  return client.ask(url(action), { method: 'POST', body: `wardgate-held=${id}`, headers });
}

const timesIn = (text: string, words: string): number => text.split(words).length - 1;
const postsAtEhr = (): number =>
  demo.ehr.requests().filter(({ method, target }) => method === 'POST' && target.startsWith('/chart/notes')).length;

describe('a note typed in a session that has ended', () => {
  test.each([
    ['after it was locked for too long', { minutes: 46 }],
    ['at its absolute limit', { hours: 12 }],
  ])('%s is shown to its person and sent once', async (_when, passed) => {
    const words = `Wound is dry & clean ${JSON.stringify(passed)}`;
    const client = await arrive(demo, 'nurse', clock);
    clock.forward(passed);
    const sent = await withoutTheEhr(demo, () => send(client, words));
    expect([sent.status, sent.headers.location]).toEqual([303, '/.wardgate/sign-in?return=%2F.wardgate%2Fheld']);
    await arrive(demo, 'nurse', clock, client);
    const page = await shown(client);
    expect(page.text).toContain('>\nWound is dry &amp; clean');
    expect(page.text).toContain('<code>/chart/notes</code>');
    expect(page.headers['cache-control']).toBe('no-store');
    const [offer, ...more] = offers(page);
    expect([offer?.action, more]).toEqual([notes, []]);
    if (offer === undefined) throw new Error('nothing was offered');
    const before = postsAtEhr();
    const replies = await Promise.all([sendHeld(client, offer), sendHeld(client, offer)]);
    expect(replies.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([302, 409]);
    expect((await sendHeld(client, offer)).status).toBe(409);
    expect(postsAtEhr() - before).toBe(1);
    const chart = await client.page(url(notes));
    expect(timesIn(chart.text, 'Wound is dry &amp; clean')).toBeGreaterThan(0);
    expect(recordsOf(demo, 'post-held').at(-1)).toMatchObject({ subject: { sub: 'nurse' }, method: 'POST', detail: offer.id });
    expect(recordsOf(demo, 'post-sent').at(-1)).toMatchObject({ subject: { sub: 'nurse' }, rule: 'notes', detail: offer.id });
    expect(JSON.stringify(recordsOf(demo, 'post-held'))).not.toContain('Wound');
    await eventually(() => recordsOf(demo, 'outcome').some(({ status, method }) => status === 302 && method === 'POST'));
    const after = await shown(client);
    expect(offers(after)).toEqual([]);
    expect(after.text).toMatch(/It was sent, and the EHR answered with status 302/);
  });

  test('arrives at the EHR with the very bytes and type it was sent with', async () => {
    const client = await gone();
    const body = '--x\r\nContent-Disposition: form-data; name="note"\r\n\r\nKnee  \r\n--x--\r\n';
    const headers = { accept: 'text/html', 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate', origin: demo.origin };
    const type = 'multipart/form-data; boundary=x';
    await client.ask(url(notes), { method: 'POST', body, headers: { ...headers, 'content-type': type } });
    await arrive(demo, 'nurse', clock, client);
    const [offer] = offers(await shown(client));
    await sendHeld(client, offer ?? { action: notes, id: '' });
    const seen = demo.ehr.requests().at(-1);
    expect([seen?.bodyBytes, seen?.headers.includes(type)]).toEqual([body.length, true]);
  });

  test('is shown to nobody else who signs in at the same browser, and not sent by them', async () => {
    const client = await gone();
    await send(client, 'For the nurse alone');
    await arrive(demo, 'physician', clock, client);
    const page = await shown(client);
    expect([page.text.includes('For the nurse alone'), offers(page)]).toEqual([false, []]);
    const id = String(recordsOf(demo, 'post-held').at(-1)?.['detail']);
    const reply = await withoutTheEhr(demo, () => sendHeld(client, { action: notes, id }));
    expect([reply.status, reply.text.includes('For the nurse alone')]).toEqual([409, false]);
    expect(reply.text).toContain('held-post-gone');
    await client.form(url(held), { discard: id });
    await arrive(demo, 'nurse', clock, client);
    expect((await shown(client)).text).toContain('For the nurse alone');
  });

  test('is gone after half an hour, whoever comes', async () => {
    const client = await gone();
    await send(client, 'Too late');
    clock.forward({ minutes: 31 });
    await arrive(demo, 'nurse', clock, client);
    expect((await shown(client)).text).toContain('Nothing is kept for you');
  });

  test('is discarded on the word of its person', async () => {
    const client = await gone();
    await send(client, 'Never mind');
    await arrive(demo, 'nurse', clock, client);
    const [offer] = offers(await shown(client));
    const page = await client.form(url(held), { discard: offer?.id ?? '' });
    expect(page.text).toContain('Nothing is kept for you');
    expect(recordsOf(demo, 'post-discarded').at(-1)).toMatchObject({ detail: offer?.id, subject: { sub: 'nurse' } });
  });
});

describe('a form sent from a page that is locked', () => {
  test('is held, and leads over unlocking to what was typed', async () => {
    const client = await arrive(demo, 'nurse', clock);
    clock.forward({ minutes: 16 });
    const sent = await withoutTheEhr(demo, () => send(client, 'Typed on'));
    expect([sent.status, sent.headers.location]).toEqual([303, '/.wardgate/unlock?return=%2F.wardgate%2Fheld']);
    const page = await client.form(url(sent.headers.location ?? ''), { code: codeAt(demo, 'nurse', clock) });
    expect([page.url, page.text.includes('Typed on')]).toEqual([url(held), true]);
  });
});

describe('nothing is held', () => {
  async function expectNothing(act: () => Promise<Reply>): Promise<Reply> {
    const before = recordsOf(demo, 'post-held').length;
    const reply = await withoutTheEhr(demo, act);
    expect(recordsOf(demo, 'post-held').length).toBe(before);
    return reply;
  }

  test('of a stranger with a made-up cookie, or with none', async () => {
    const stranger = browserWith(demo, { wardgate: 'A'.repeat(43) });
    for (const client of [stranger, new CookieClient()]) await expectNothing(() => send(client, 'x y'));
  });

  test.each([
    ['of another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['of a page without an origin', { origin: 'null' }],
    ['of a script', { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }],
    ['that is compressed', { 'content-encoding': 'gzip' }],
  ])('%s', async (_what, headers) => {
    const client = await gone();
    await expectNothing(() => send(client, 'x y', headers));
  });

  test('that names no origin, or is no POST', async () => {
    const client = await gone();
    const headers = { accept: 'text/html', 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate', 'content-type': formType };
    await expectNothing(() => client.ask(url(notes), { method: 'POST', body: 'note=x+y', headers }));
    await expectNothing(() => client.page(url(notes)));
  });

  test('of a session that ended half an hour ago', async () => {
    const client = await gone();
    await send(client, 'this ends it');
    clock.forward({ minutes: 31 });
    await expectNothing(() => send(client, 'x y'));
  });

  test('beyond the size, and the page says what to do', async () => {
    const client = await gone();
    const reply = await expectNothing(() => send(client, 'long '.repeat(1000)));
    expect([reply.status, reply.text.includes('press Back')]).toEqual([401, true]);
    expect(reply.text).toContain('post-not-held');
    expect(reply.text).toContain('It is larger than the 4000 bytes that may be kept');
  });

  test('beyond three of one person', async () => {
    const client = await gone();
    for (const words of ['one x', 'two x', 'three x']) expect((await send(client, words)).status).toBe(303);
    const reply = await expectNothing(() => send(client, 'four x'));
    expect([reply.status, reply.text.includes('As much as may be kept for you is waiting already')]).toEqual([401, true]);
  });
});

describe('sending goes through the whole request path', () => {
  test('an order is offered as text and never sent', async () => {
    const client = await gone();
    await send(client, 'Morphine 5 mg', {}, '/chart/orders');
    await arrive(demo, 'nurse', clock, client);
    const page = await shown(client);
    expect([offers(page), page.text.includes('Morphine 5 mg')]).toEqual([[], true]);
    expect(page.text).toContain('never sent by itself');
    const id = String(recordsOf(demo, 'post-held').at(-1)?.['detail']);
    const reply = await withoutTheEhr(demo, () => sendHeld(client, { action: '/chart/orders', id }));
    expect([reply.status, reply.text.includes('held-post-by-rule')]).toEqual([403, true]);
  });

  test.each(['/chart/closed', '/not/in/any/rule'])('what no rule opens is offered as text: %s', async (path) => {
    const client = await gone();
    await send(client, 'some words', {}, path);
    await arrive(demo, 'nurse', clock, client);
    const page = await shown(client);
    expect([offers(page), page.text.includes('some words')]).toEqual([[], true]);
    const id = String(recordsOf(demo, 'post-held').at(-1)?.['detail']);
    expect((await withoutTheEhr(demo, () => sendHeld(client, { action: path, id }))).status).toBe(403);
  });

  test('a rule that wants a fresh code asks for it, leads back, and nothing is used up', async () => {
    const client = await gone();
    await send(client, 'sign this', {}, '/chart/signed');
    await arrive(demo, 'nurse', clock, client);
    clock.forward({ minutes: 6 });
    const [offer = { action: '', id: '' }] = offers(await shown(client));
    const reply = await withoutTheEhr(demo, () => sendHeld(client, offer));
    expect(reply.headers.location).toBe('/.wardgate/step-up?return=%2F.wardgate%2Fheld');
    expect(offers(await shown(client))).toEqual([offer]);
  });

  test('another address than its own, another site and a script send nothing', async () => {
    const client = await gone();
    await send(client, 'stay here');
    await arrive(demo, 'nurse', clock, client);
    const [offer = { action: '', id: '' }] = offers(await shown(client));
    expect((await withoutTheEhr(demo, () => sendHeld(client, { ...offer, action: '/chart/notes?pid=8' }))).status).toBe(409);
    const foreign = {
      method: 'POST',
      body: `wardgate-held=${offer.id}`,
      headers: { 'content-type': formType, origin: 'https://evil.example' },
    };
    expect(
      (
        await withoutTheEhr(demo, () =>
          client.ask(url(notes), { ...foreign, headers: { ...foreign.headers, accept: 'text/html' } }),
        )
      ).status,
    ).toBe(403);
    expect((await script(client, url(held))).status).toBe(403);
    expect(offers(await shown(client))).toEqual([offer]);
  });

  test('in a session that has ended meanwhile it waits on, and is not held once more', async () => {
    const client = await gone();
    await send(client, 'wait for me');
    await arrive(demo, 'nurse', clock, client);
    const [offer = { action: '', id: '' }] = offers(await shown(client));
    clock.forward({ minutes: 16 });
    const before = recordsOf(demo, 'post-held').length;
    const reply = await withoutTheEhr(demo, () => sendHeld(client, offer));
    expect([reply.headers.location, recordsOf(demo, 'post-held').length]).toEqual([
      '/.wardgate/unlock?return=%2F.wardgate%2Fheld',
      before,
    ]);
  });
});

test('a gateway that stops keeps what it holds, and what it began to send it never sends again', async () => {
  const own = await story({ rules, clock });
  let { gateway } = own;
  try {
    const [client, at] = [await arrive(own, 'nurse', clock), (path: string): string => own.origin + path];
    clock.forward({ minutes: 46 });
    // The end of the session is known across the stop as well.
    expect((await client.ask(at('/finder'), { headers: { accept: 'application/json' } })).status).toBe(401);
    gateway = await restart(own, gateway, clock);
    await client.form(at(notes), { note: 'before the stop' }, { origin: own.origin });
    gateway = await restart(own, gateway, clock);
    await arrive(own, 'nurse', clock, client);
    const [offer] = offers(await client.page(at(held)));
    await own.ehr.close();
    const sent = await client.form(at(offer?.action ?? ''), { 'wardgate-held': offer?.id ?? '' });
    expect(sent.status).toBe(502);
    for (const again of [false, true]) {
      if (again) gateway = await restart(own, gateway, clock);
      const page = await client.page(at(held));
      expect([offers(page), page.text.includes('before the stop')]).toEqual([[], true]);
      expect(page.text).toContain('Sending it was begun, and no answer came');
    }
  } finally {
    await gateway.close();
    await own.close();
  }
});
