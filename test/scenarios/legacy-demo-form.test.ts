// The demo's legacy EHR with its own login form, and the gateway that fills it in by the preset's recipe: the patient who is
// carried, the end of a session in each shape, logout both ways, and what must pass untouched.

import { request } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { vitalsOf } from '../../src/demo/ehr/charts.ts';
import { findPatient, listName } from '../../src/demo/ehr/patients.ts';
import { startDemoEhr } from '../../src/demo/ehr/start-demo-ehr.ts';
import type { DemoEhr } from '../../src/demo/ehr/start-demo-ehr.ts';
import { problemOf, script } from '../support/clinic-story.ts';
import type { Ask, CookieClient, Reply } from '../support/cookie-client.ts';
import { eventually } from '../support/demo-story.ts';
import { cookieNames, enterPassword, signOnClinic, withoutTheEhrHearing } from '../support/sign-on-clinic.ts';
import type { SignOnClinic } from '../support/sign-on-clinic.ts';

const rules = `rules:
  - { name: screens, area: [ehr.shell, ehr.poller], allow: everyone }
  - { name: find, area: [ehr.search, ehr.schedule, ehr.demographics], allow: [physician, nurse, front-desk] }
  - { name: charts, area: [ehr.chart, ehr.images], allow: [physician, nurse] }
  - { name: notes, area: ehr.notes, allow: [physician, nurse] }
  - { name: reports, area: ehr.reports, allow: physician, export: physician }
  - { name: streams, area: ehr.bulk, allow: [physician, nurse], export: physician }
  - { name: wire, area: ehr.diagnostics, allow: [physician, nurse] }
downloads: { everyone: { files: 100/hour, size: 1GB/day, patients: 100/hour, then: refuse } }
`;
const megabyte = 1024 * 1024;

let ehr: DemoEhr;
let house: SignOnClinic;

async function open(): Promise<void> {
  ehr = await startDemoEhr({ signOn: 'form' });
  house = await signOnClinic({ ehr: ehr.origin, applicationLines: ['preset: legacy-demo', 'signOn: own-password'], rules });
}

async function close(): Promise<void> {
  await house.close();
  await ehr.close();
}

async function signedOn(name: string, path = '/main'): Promise<CookieClient> {
  const client = await house.person(name, path);
  await enterPassword(house, client, name, `meadow-${name}`, path);
  return client;
}

const page = (client: CookieClient, path: string): Promise<Reply> => client.page(house.origin + path);
const ask = (client: CookieClient, path: string, more: Ask = {}): Promise<Reply> => script(client, house.origin + path, more);
const nameOf = (pid: number): string => listName(findPatient(pid)!);
/** The blood pressure of the last visit, which stands in nobody else's chart of this story. */
const pressureOf = (pid: number): string => vitalsOf(pid)[0]?.bloodPressure ?? 'none';
const posts = (): number => ehr.requests().filter(({ method, target }) => method === 'POST' && target === '/login').length;
const sessionsIn = (text: string): string[] => [...text.matchAll(/MBSESSION=(\w+)/g)].map((match) => match[1] ?? '');

/** The session that goes to the EHR for this browser. */
async function sessionOf(client: CookieClient): Promise<string> {
  house.relay.take();
  await page(client, '/welcome');
  return sessionsIn(house.relay.take()).at(-1) ?? '';
}

/** The EHR ends that session, as it does when it is restarted. */
async function endAtTheEhr(session: string): Promise<void> {
  await (await fetch(`${ehr.origin}/logout`, { redirect: 'manual', headers: { cookie: `MBSESSION=${session}` } })).text();
}

describe('signing on', () => {
  beforeEach(open);
  afterEach(close);

  test('fills in the form with its token, and goes on in the last of the sessions that the reply sets (case 7)', async () => {
    const client = await house.person('nurse', '/main');
    expect(ehr.requests()).toEqual([]);
    const arrived = await enterPassword(house, client, 'nurse', 'meadow-nurse', '/main');
    expect(arrived).toMatchObject({ status: 200, url: `${house.origin}/main` });
    const sent = house.relay.take();
    expect(sent).toMatch(/token=\w{26}&user=nurse&pass=meadow-nurse/);
    const [waiting, opened] = sessionsIn(sent);
    expect(opened).toMatch(/^\w{26}$/);
    expect(opened).not.toBe(waiting);
    expect((await page(client, '/welcome')).text).toContain('Noah Madeup');
    expect(cookieNames(house, client)).toEqual(['wardgate', 'wardgate-browser']);
    expect(house.written()).not.toContain('meadow-nurse');
  });

  test('a failure that is answered with 200 is one: one try, an alarm, and the person is told (case 8)', async () => {
    const client = await house.person('nurse', '/welcome');
    const { state } = house.gateway.composed;
    const person = { issuer: house.place.provider.issuer, sub: 'nurse', name: 'nurse' };
    await state.vault.put(person, 'ehr', { username: 'nurse', password: 'outdated', more: {} });
    const told = await page(client, '/welcome');
    expect(told.status).toBe(403);
    expect(told.text).toContain('The EHR did not accept your password');
    expect(posts()).toBe(1);
    await withoutTheEhrHearing(house, async () => {
      expect((await page(client, '/welcome')).status).toBe(403);
      expect((await ask(client, '/finder')).status).toBe(401);
    });
    expect(house.written()).toContain('A sign-on to the EHR failed');
    expect(house.records('ehr-sign-on')).toMatchObject([{ decision: 'refused', subject: { name: 'nurse' } }]);
    const arrived = await enterPassword(house, client, 'nurse', 'meadow-nurse', '/welcome');
    expect(arrived.text).toContain('Noah Madeup');
    expect(posts()).toBe(2);
  });

  test('what a script of the EHR writes into the browser under its session cookie goes nowhere (case 18)', async () => {
    const client = await signedOn('nurse');
    const own = await sessionOf(client);
    for (const cookie of ['MBSESSION=stolen', 'mbsession=stolen', '"MBSESSION"=stolen', 'theme=dark, MBSESSION=stolen']) {
      const headers = { cookie: `${client.cookieHeader(house.origin)}; ${cookie}` };
      expect((await client.ask(`${house.origin}/welcome`, { headers })).text).toContain('Noah Madeup');
    }
    const sent = house.relay.take();
    expect(sent).not.toContain('stolen');
    expect(new Set(sessionsIn(sent))).toEqual(new Set([own]));
  });
});

describe('the patient who is carried', () => {
  beforeAll(open);
  afterAll(close);

  let nurse: CookieClient;
  let physician: CookieClient;

  test('is that of the session in the jar, whatever else a request says, and the chart is opened once (case 6)', async () => {
    nurse = await signedOn('nurse');
    expect((await page(nurse, '/chart?set_pid=5')).text).toContain(nameOf(5));
    expect((await page(nurse, '/chart/vitals?patient=13&x=13')).text).toContain(pressureOf(5));
    expect((await page(nurse, '/demographics')).text).toContain(nameOf(5));
    const attempts = house.records('attempt').slice(-3);
    expect(attempts.map(({ patient, patientSource }) => [patient, patientSource])).toEqual([
      ['5', 'query'],
      ['5', 'session'],
      ['5', 'session'],
    ]);
    const opened = await eventually(
      () => (house.records('chart-opened').length > 0 ? house.records('chart-opened') : null),
      'it',
    );
    expect(opened).toMatchObject([{ patient: '5', subject: { name: 'nurse' } }]);
  });

  test('is the one that the EHR takes, however the request names it, or the request is refused (cases 4 and 5)', async () => {
    const head = await ask(nurse, '/chart?set_pid=9', { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(house.records('attempt').at(-1)).toMatchObject({ patient: '9', method: 'HEAD' });
    expect((await page(nurse, '/chart/vitals')).text).toContain(pressureOf(9));
    await withoutTheEhrHearing(house, async () => {
      expect((await ask(nurse, '/chart?set_pid=9', { method: 'FOO' })).status).toBe(400);
      expect((await ask(nurse, '/chart?set_pid=9', { method: 'PROPFIND' })).status).toBe(405);
      expect((await page(nurse, '/chart?set_pid=5&set_pid=9')).status).toBe(400);
    });
    expect((await page(nurse, '/chart?set_pid=5')).status).toBe(200);
  });

  test('is not that of another person, nor of another session of the same (case 22)', async () => {
    physician = await signedOn('physician');
    await page(physician, '/chart?set_pid=9');
    expect((await page(nurse, '/chart/vitals')).text).toContain(pressureOf(5));
    expect((await page(physician, '/chart/vitals')).text).toContain(pressureOf(9));
    expect(
      house
        .records('attempt')
        .slice(-2)
        .map(({ patient }) => patient),
    ).toEqual(['5', '9']);
    expect(await sessionOf(nurse)).not.toBe(await sessionOf(physician));
    house.clock.forward({ seconds: 31 });
    const elsewhere = await house.person('nurse', '/main');
    expect((await page(elsewhere, '/chart/vitals')).text).not.toContain(pressureOf(5));
    expect(house.records('attempt').at(-1)).toMatchObject({ patientSource: 'unresolved' });
  });

  test('is nobody after the EHR has opened another session', async () => {
    await endAtTheEhr(await sessionOf(nurse));
    house.clock.forward({ minutes: 1 });
    const vitals = await page(nurse, '/chart/vitals');
    expect(vitals.status).toBe(200);
    expect(vitals.text).not.toContain(pressureOf(5));
    expect(house.records('attempt').at(-1)).toMatchObject({ patientSource: 'unresolved' });
    expect((await page(physician, '/chart/vitals')).text).toContain(pressureOf(9));
  });
});

describe('the end', () => {
  let client: CookieClient;
  beforeEach(async () => {
    await open();
    client = await signedOn('nurse');
  });
  afterEach(close);

  test('at the EHR: scripts and the poller hear it, and a page signs on once (case 9)', async () => {
    await endAtTheEhr(await sessionOf(client));
    house.clock.forward({ minutes: 1 });
    const first = await ask(client, '/finder?format=json');
    expect(problemOf(first)).toMatchObject({ status: 401, reason: 'ehr-session-ended' });
    const before = ehr.requests().length;
    // In the EHR's own words its pages would log out, and take the gateway's session with them.
    expect(problemOf(await ask(client, '/poll/reminders'))).toMatchObject({ status: 401, reason: 'ehr-session-ended' });
    expect((await client.form(`${house.origin}/chart/notes?pid=5`, { text: 'note' })).status).toBe(401);
    // The gateway itself may have said that the old session is over.
    expect(
      ehr
        .requests()
        .slice(before)
        .filter(({ target }) => target !== '/logout'),
    ).toEqual([]);
    expect(posts()).toBe(1);
    expect((await page(client, '/welcome')).text).toContain('Noah Madeup');
    expect(posts()).toBe(2);
    expect((await ask(client, '/poll/reminders')).text).toContain('"reminders":3');
  });

  test('at the EHR, when a form is the first to notice: what it sent is kept for its person', async () => {
    await endAtTheEhr(await sessionOf(client));
    const lost = await client.form(`${house.origin}/chart/notes?pid=5`, { text: 'three lines of a note' });
    expect(lost.status).toBe(401);
    expect(lost.text).toContain('<code>post-held</code>');
    expect(lost.text).not.toContain('three lines');
    expect(posts()).toBe(1);
  });

  test('at the EHR, when its poller is the first to notice', async () => {
    await endAtTheEhr(await sessionOf(client));
    const poll = await ask(client, '/poll/reminders');
    expect(problemOf(poll)).toMatchObject({ status: 401, reason: 'ehr-session-ended' });
    expect(posts()).toBe(1);
    expect(problemOf(await ask(client, '/finder'))).toMatchObject({ reason: 'ehr-session-ended' });
  });

  test('here: pollers do not keep it awake, hear nothing beneath the lock and after the end, and 401 when that is half an hour ago (cases 10 and 11)', async () => {
    for (let minute = 0; minute < 14; minute += 1) {
      house.clock.forward({ minutes: 1 });
      expect((await ask(client, '/poll/reminders')).text).toContain('"reminders":3');
    }
    house.clock.forward({ minutes: 1, seconds: 1 });
    const before = ehr.requests().length;
    const beneath = await ask(client, '/poll/reminders');
    expect([beneath.status, beneath.text]).toEqual([204, '']);
    house.clock.forward({ minutes: 30 });
    const over = await ask(client, '/poll/reminders');
    expect([over.status, over.text]).toEqual([204, '']);
    house.clock.forward({ minutes: 30, seconds: 1 });
    const poll = await ask(client, '/poll/reminders');
    expect(problemOf(poll)).toMatchObject({ status: 401, reason: 'sign-in-required' });
    expect(poll.text).not.toContain('"reminders"');
    const chart = await ask(client, '/chart?pid=5&skip_timeout_reset=1');
    expect(chart.status).toBe(401);
    expect(chart.text).not.toContain(nameOf(5));
    expect(
      ehr
        .requests()
        .slice(before)
        .filter(({ target }) => target !== '/logout'),
    ).toEqual([]);
  });

  test('by its logout: whoever logs out of the EHR has left, and is not signed on again (case 9)', async () => {
    const session = await sessionOf(client);
    const reply = await client.ask(`${house.origin}/logout`, { headers: { accept: 'text/html', 'sec-fetch-dest': 'document' } });
    expect(reply.status).toBe(303);
    expect(reply.headers.location).not.toBe('/login?out=1');
    expect(ehr.requests().filter(({ target }) => target === '/logout')).not.toEqual([]);
    expect(
      (await fetch(`${ehr.origin}/welcome`, { redirect: 'manual', headers: { cookie: `MBSESSION=${session}` } })).status,
    ).toBe(302);
    const refused = await withoutTheEhrHearing(house, () => ask(client, '/finder'));
    expect(problemOf(refused)).toMatchObject({ reason: 'sign-in-required' });
    expect(posts()).toBe(1);
  });

  test('by ours: the EHR is told, with the session that it gave', async () => {
    const session = await sessionOf(client);
    await client.form(`${house.origin}/.wardgate/sign-out`, {});
    await eventually(() => ehr.requests().some(({ target }) => target === '/logout'), 'the logout');
    expect(sessionsIn(house.relay.take())).toEqual([session]);
  });
});

describe('what passes untouched', () => {
  let client: CookieClient;
  beforeAll(async () => {
    await open();
    client = await signedOn('physician');
  });
  afterAll(close);

  test('JSON that is labelled as HTML, byte by byte (case 16)', async () => {
    const session = await sessionOf(client);
    for (const path of ['/poll/reminders', '/finder?format=json&limit=60']) {
      const direct = await fetch(ehr.origin + path, { headers: { cookie: `MBSESSION=${session}` } });
      const reply = await ask(client, path);
      expect(reply.text).toBe(await direct.text());
      expect(reply.headers['content-type']).toBe('text/html; charset=utf-8');
      expect(reply.headers['content-encoding']).toBeUndefined();
    }
  });

  test('the query with all its oddities (case 17)', async () => {
    const query = 'document&retrieve&patient_id=&&a[]=1&b=%7c|&c=+%20&d=a;b';
    const reply = await ask(client, `/echo-headers?${query}`);
    expect(reply.text.split('\n')[0]).toBe(`GET /echo-headers?${query}`);
  });

  test('pages, but for the one script of ours, without a policy about frames or content of ours', async () => {
    const session = await sessionOf(client);
    for (const path of ['/main', '/nav', '/chart?pid=5']) {
      const direct = await fetch(ehr.origin + path, { headers: { cookie: `MBSESSION=${session}` } });
      const reply = await page(client, path);
      const mark = path.startsWith('/chart') ? ' data-patient' : '';
      const ours = new RegExp(`<script src="/\\.wardgate/assets/page-en\\.js\\?v=\\w+"${mark}></script>`);
      expect(reply.text.replace(ours, '')).toBe(await direct.text());
      const added = Object.keys(reply.headers)
        .filter((name) => !direct.headers.has(name))
        .sort();
      expect(added).not.toEqual(expect.arrayContaining([expect.stringMatching(/frame|policy/)]));
    }
  });

  test('an upload of 60 MB in chunks, without being gathered on the way', async () => {
    const pieces = Array.from({ length: 60 }, () => Buffer.alloc(megabyte, 'x'));
    const reply = await upload(client, pieces);
    expect(reply).toBe(`Received ${60 * megabyte} bytes\n`);
    const outcome = await eventually(() => house.records('outcome').find(({ target }) => target === '/upload'), 'the outcome');
    expect(outcome).toMatchObject({ status: 200, bytesIn: 60 * megabyte });
  });

  test('an answer that takes twenty seconds to begin', { timeout: 40_000 }, async () => {
    const reply = await ask(client, '/slow?seconds=20');
    expect(reply.status).toBe(200);
    expect(reply.text).toContain('This took 20 seconds');
  });
});

/** Sends the pieces without saying how many there are, each when the one before has left. */
function upload(client: CookieClient, pieces: readonly Buffer[]): Promise<string> {
  const { hostname, port, origin } = new URL(house.origin);
  const headers = {
    cookie: client.cookieHeader(house.origin),
    origin,
    accept: '*/*',
    'sec-fetch-mode': 'cors',
    'sec-fetch-site': 'same-origin',
    'content-type': 'application/octet-stream',
    'transfer-encoding': 'chunked',
  };
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, path: '/upload', method: 'POST', headers, agent: false }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject);
      incoming.on('end', () => resolve(Buffer.concat(chunks).toString()));
    });
    outgoing.on('error', reject);
    const rest = [...pieces];
    const send = (): void => {
      for (let piece = rest.shift(); piece !== undefined; piece = rest.shift()) {
        if (!outgoing.write(piece)) return void outgoing.once('drain', send);
      }
      outgoing.end();
    };
    send();
  });
}
