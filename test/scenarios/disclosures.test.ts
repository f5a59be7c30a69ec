// Downloads that are asked about before they leave: one answer for one download, of the person who was asked, and no byte of it
// before the answer; what was a form goes on with its bytes; in an emergency the answer comes afterwards.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import { readDisclosureNote } from '../../src/core/disclosures/disclosure-note.ts';
import { arrive, handshake, problemOf, recordsOf, roleLines, script, withoutTheEhr } from '../support/clinic-story.ts';
import type { CookieClient, Reply } from '../support/cookie-client.ts';
import { eventually, records, story } from '../support/demo-story.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const rules = `${roleLines}
rules:
  - { name: documents, paths: [/documents/file], allow: [records, nurse], patient: query.pid, category: document, download: always, disclosure: records }
  - { name: claims, paths: [/billing/claims/export], methods: [POST], allow: [records, billing], category: claim, download: always, disclosure: everyone }
  - { name: lists, paths: [/reports/patients, /documents/archive], methods: [GET, POST], allow: [records, nurse], emergency: front-desk, disclosure: [records, front-desk], webSocket: true }
  - { name: line, paths: [/ws/messages], allow: records, webSocket: true, download: always, disclosure: records }
  - { name: find, paths: [/finder, /main, /welcome], allow: everyone }
accounting: { sameRecipient: { for: 10m, files: 2 } }
`;
const document = '/documents/file?pid=7&doc=1';
const page = '/.wardgate/disclosure';
const formType = 'application/x-www-form-urlencoded';
const navigation = {
  'sec-fetch-dest': 'document',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-site': 'same-origin',
  accept: 'text/html',
};
const yes = {
  leaves: 'yes',
  recipient: 'County health department',
  address: '1 Main Street',
  description: 'Laboratory result of 2 November',
  purpose: 'Report of a notifiable disease',
  basis: 'public-health',
};

let demo: Demo;
let clock: ShiftingClock;

beforeAll(async () => {
  clock = new ShiftingClock();
  demo = await story({ rules, clock, gatewayLines: ['limits: { heldPost: 4KB }'] });
});
afterAll(async () => demo.close());

const url = (path: string): string => demo.origin + path;

async function someone(name = 'records'): Promise<CookieClient> {
  clock.forward({ minutes: 1 });
  return arrive(demo, name, clock);
}

function open(client: CookieClient, path = document, headers: Record<string, string> = {}): Promise<Reply> {
  return client.ask(url(path), { headers: { ...navigation, ...headers } });
}

function post(client: CookieClient, path: string, fields: Record<string, string> = {}): Promise<Reply> {
  const body = new URLSearchParams(fields).toString();
  const headers = { ...navigation, 'content-type': formType, origin: demo.origin };
  return client.ask(url(path), { method: 'POST', body, headers });
}

/** The page that asks, by the refusal of a download; nothing of the EHR stands in its address. */
function whereOf(reply: Reply): string {
  expect(reply.status).toBe(303);
  const where = reply.headers.location ?? '';
  expect(where).toMatch(/^\/\.wardgate\/disclosure\?ask=[\w-]{43}$/);
  expect(reply.body.length).toBe(0);
  return where;
}

async function asked(act: () => Promise<Reply>): Promise<string> {
  return whereOf(await withoutTheEhr(demo, act));
}

function answer(client: CookieClient, where: string, fields: Record<string, string> = { leaves: 'no' }): Promise<Reply> {
  return withoutTheEhr(demo, () => post(client, where, fields));
}

const isPdf = (reply: Reply): boolean => reply.status === 200 && reply.text.startsWith('%PDF');
const last = (event: string): Record<string, unknown> => recordsOf(demo, event).at(-1) ?? {};
const count = (event: string): number => recordsOf(demo, event).length;

describe('a download', () => {
  test('goes on after one tap, exactly as it was asked for, and is on record before', async () => {
    const client = await someone();
    const where = await asked(() => open(client));
    const outcome = await eventually(
      () => last('outcome')['reason'] === 'disclosure-unanswered' && last('outcome'),
      'its outcome',
    );
    expect([outcome['decision'], outcome['rule'], outcome['endedBy']]).toEqual(['refused', 'documents', 'ask-disclosure']);
    const shown = await open(client, where);
    expect([
      shown.status,
      shown.text.includes('leave treatment, payment and operations'),
      shown.text.includes('patient 7'),
    ]).toEqual([200, true, true]);
    const told = await answer(client, where);
    expect([told.status, told.headers['refresh']]).toEqual([200, `0; url=${document}`]);
    expect(count('disclosure-not')).toBe(0);
    const got = await open(client);
    expect(isPdf(got)).toBe(true);
    const record = last('disclosure-not');
    expect([record['rule'], record['patient'] !== undefined, record['decision']]).toEqual(['documents', true, 'allowed']);
    const attempt = records(demo).find(({ event, request }) => event === 'attempt' && request === record['request']);
    expect(attempt?.['target']).toBe(record['target']);
  });

  test('that leaves is recorded with its fields, the words sealed and committed to', async () => {
    const client = await someone();
    const where = await asked(() => open(client));
    expect((await answer(client, where, yes)).status).toBe(200);
    expect(isPdf(await open(client))).toBe(true);
    const record = last('disclosure');
    const note = readDisclosureNote(String(record['detail']));
    expect(note).toMatchObject({ basis: 'public-health', address: true, how: 'at the download', count: null });
    expect(JSON.stringify(records(demo))).not.toContain('County health');
    expect(JSON.stringify(records(demo))).not.toContain('notifiable');
  });

  test.each([
    ['nothing of the recipient', { recipient: ' ' }, 'recipient'],
    ['no ground', { basis: '' }, 'basis'],
    ['a ground that is none', { basis: 'because' }, 'basis'],
    ['a purpose without end', { purpose: 'x'.repeat(501) }, 'purpose'],
  ])('with %s is asked about again, and what was typed stays', async (_what, wrong, field) => {
    const client = await someone();
    const where = await asked(() => open(client));
    const reply = await answer(client, where, { ...yes, ...wrong });
    expect([reply.status, reply.text.includes('role="alert"'), reply.text.includes('name="recipient"')]).toEqual([
      400,
      true,
      true,
    ]);
    expect(reply.text.includes(field === 'recipient' ? 'notifiable' : 'County health department')).toBe(true);
    await asked(() => open(client));
    expect((await answer(client, where, yes)).status).toBe(200);
  });

  test('of another address, another patient, or by another method is asked about by itself', async () => {
    const client = await someone();
    await answer(client, await asked(() => open(client)));
    await asked(() => open(client, '/documents/file?pid=8&doc=1'));
    await asked(() => open(client, '/documents/file?doc=1&pid=7'));
    await asked(() => post(client, '/billing/claims/export'));
    expect(isPdf(await open(client))).toBe(true);
  });

  test('needs an answer each time: one that was used opens nothing more, also not for two tabs at once', async () => {
    const client = await someone();
    const where = await asked(() => open(client));
    await answer(client, where);
    const both = await Promise.all([open(client), open(client)]);
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 303]);
    expect((await answer(client, where)).status).toBe(409);
    await asked(() => open(client));
  });

  test('waits no longer than five minutes for being begun', async () => {
    const client = await someone();
    await answer(client, await asked(() => open(client)));
    clock.forward({ minutes: 6 });
    await asked(() => open(client));
  });

  test('is opened by no answer of another session, and no one else can answer', async () => {
    const client = await someone();
    const where = await asked(() => open(client));
    const other = await someone();
    expect((await answer(other, where)).status).toBe(409);
    await asked(() => open(client));
    await answer(client, where);
    await asked(() => open(other));
  });

  test.each([
    ['of another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['of a script of the EHR', { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }],
    ['without an origin', { origin: 'null' }],
  ])('is opened by no form %s', async (_what, headers) => {
    const client = await someone();
    const where = await asked(() => open(client));
    const body = 'leaves=no';
    const all = { ...navigation, 'content-type': formType, origin: demo.origin, ...headers };
    const reply = await client.ask(url(where), { method: 'POST', body, headers: all });
    expect(reply.status).toBe(403);
    await asked(() => open(client));
  });

  test('is asked about whatever it comes in: a frame, a script, a part, a live connection', async () => {
    const client = await someone();
    await asked(() => open(client, document, { 'sec-fetch-dest': 'iframe' }));
    const told = await withoutTheEhr(demo, () => script(client, url(document)));
    expect([told.status, problemOf(told)['reason']]).toEqual([403, 'disclosure-unanswered']);
    expect(String(problemOf(told)['remedy'])).toMatch(/^\/\.wardgate\/disclosure\?ask=[\w-]{43}$/);
    await asked(() => open(client, document, { range: 'bytes=0-9' }));
    expect(await withoutTheEhr(demo, () => handshake(client, url('/ws/messages')))).toBe(403);
  });

  test('asked for by a script is answered on the list, and goes on where the script asks again', async () => {
    const client = await someone();
    await withoutTheEhr(demo, () => script(client, url(document)));
    const list = await open(client, page);
    const where = /href="([^"]+\?ask=[\w-]+)"/.exec(list.text)?.[1] ?? '';
    await answer(client, where);
    expect(isPdf(await script(client, url(document)))).toBe(true);
  });

  test('goes on in parts without another question, and HEAD has no body to ask about', async () => {
    const client = await someone();
    expect((await client.ask(url(document), { method: 'HEAD', headers: navigation })).status).toBe(200);
    await answer(client, await asked(() => open(client)));
    expect(isPdf(await open(client))).toBe(true);
    const before = count('disclosure-not');
    expect((await open(client, document, { range: 'bytes=4-' })).status).toBe(200);
    expect(count('disclosure-not')).toBe(before);
    await asked(() => open(client));
    clock.forward({ minutes: 11 });
    await asked(() => open(client, document, { range: 'bytes=4-' }));
  });

  test('that the EHR does not have leaves no disclosure, and the answer is good for another try', async () => {
    const client = await someone();
    const gone = '/documents/file?pid=7&doc=99';
    const before = count('disclosure');
    await answer(client, await asked(() => open(client, gone)), yes);
    expect((await open(client, gone)).status).toBe(404);
    expect((await open(client, gone)).status).toBe(404);
    expect(count('disclosure')).toBe(before);
  });

  test('that its person gives up is on record as given up', async () => {
    const client = await someone();
    const where = await asked(() => open(client));
    const reply = await answer(client, where, { leaves: 'cancel' });
    expect([reply.status, reply.text.includes('Nothing was downloaded')]).toEqual([200, true]);
    expect([last('disclosure-cancelled')['rule'], last('disclosure-cancelled')['decision']]).toEqual(['documents', 'refused']);
    expect((await answer(client, where)).status).toBe(409);
    await asked(() => open(client));
  });

  test('is not asked about of a role that IT did not name', async () => {
    expect(isPdf(await open(await someone('nurse')))).toBe(true);
  });
});

describe('"the same for my next downloads"', () => {
  test('holds for as many as IT allows, of this rule and session, each on record', async () => {
    const client = await someone();
    await answer(client, await asked(() => open(client)), { ...yes, next: 'yes' });
    const before = count('disclosure');
    expect(isPdf(await open(client))).toBe(true);
    for (const doc of [2, 3]) expect(isPdf(await open(client, `/documents/file?pid=7&doc=${doc}`))).toBe(true);
    expect(count('disclosure') - before).toBe(3);
    await asked(() => open(client, '/documents/file?pid=8&doc=1'));
  });

  test('ends by itself, and opens nothing of another rule', async () => {
    const client = await someone();
    await answer(client, await asked(() => open(client)), { ...yes, next: 'yes' });
    await asked(() => post(client, '/billing/claims/export'));
    clock.forward({ minutes: 10 });
    await asked(() => open(client, '/documents/file?pid=7&doc=2'));
  });
});

describe('an export by a form', () => {
  const straight = ({ text }: Reply): { action: string; id: string } => {
    const found =
      /<form method="post" action="([^"]+)" data-send>\s*<input type="hidden" name="wardgate-held" value="([^"]+)"/.exec(text);
    return { action: found?.[1] ?? '', id: found?.[2] ?? '' };
  };

  test('known beforehand is kept with its bytes, and sent once when it is answered', async () => {
    const client = await someone();
    const where = await asked(() => post(client, '/billing/claims/export', { from: '1 & 2', to: 'ä' }));
    const { action, id } = straight(await answer(client, where, { ...yes, count: '20' }));
    expect(action).toBe('/billing/claims/export');
    const sent = (): Promise<Reply> => post(client, action, { 'wardgate-held': id });
    const both = await Promise.all([sent(), sent()]);
    expect(both.filter(({ status, text }) => status === 200 && text.includes('"claim"'))).toHaveLength(1);
    expect(demo.ehr.requests().at(-1)?.bodyBytes).toBe(new URLSearchParams({ from: '1 & 2', to: 'ä' }).toString().length);
    expect(readDisclosureNote(String(last('disclosure')['detail']))).toMatchObject({ count: 20 });
    await asked(() => post(client, '/billing/claims/export', { from: '1 & 2', to: 'ä' }));
  });

  test('that names its patients has a record for each of them', async () => {
    const client = await someone();
    const where = await asked(() => post(client, '/billing/claims/export'));
    expect((await answer(client, where, yes)).status).toBe(400);
    const before = count('disclosure');
    const { action, id } = straight(await answer(client, where, { ...yes, patients: '7\n8, 9' }));
    expect((await post(client, action, { 'wardgate-held': id })).status).toBe(200);
    const made = recordsOf(demo, 'disclosure').slice(before);
    expect(new Set(made.map(({ patient }) => patient)).size).toBe(3);
    expect(new Set(made.map(({ detail }) => detail)).size).toBe(1);
  });

  test('that only the reply shows reaches the EHR, and not its person before they have answered', async () => {
    const client = await someone();
    const seen = demo.ehr.requests().length;
    const where = whereOf(await post(client, '/reports/patients', { form_csvexport: 'true' }));
    expect(demo.ehr.requests().slice(seen)).toHaveLength(1);
    const outcome = await eventually(
      () => last('outcome')['reason'] === 'disclosure-unanswered' && last('outcome'),
      'its outcome',
    );
    expect(outcome['endedBy']).toBe('record-disclosure');
    const { action, id } = straight(await answer(client, where));
    const got = await post(client, action, { 'wardgate-held': id });
    expect([got.status, got.text.includes('"pid"')]).toEqual([200, true]);
    expect((await post(client, '/reports/patients', { form_refresh: 'true' })).text).toContain('Report: patient list');
  });

  test('too large to be kept says so, and goes through when it is sent once more', async () => {
    const client = await someone();
    const large = { form_csvexport: 'true', more: 'x'.repeat(5000) };
    const reply = await post(client, '/reports/patients', large);
    expect([reply.status, reply.text.includes('form-not-kept'), reply.text.includes('"pid"')]).toEqual([401, true, false]);
    const where = /href="(\/\.wardgate\/disclosure\?ask=[\w-]+)"/.exec(reply.text)?.[1] ?? '';
    expect((await answer(client, where)).text).toContain('Go back and send the form once more');
    expect((await post(client, '/reports/patients', large)).text).toContain('"pid"');
  });
});

test('a download that only the reply shows is answered in its place, also one without an end', async () => {
  const client = await someone();
  const where = whereOf(await open(client, '/documents/archive?pid=7'));
  await answer(client, where, { ...yes, patients: '7' });
  expect((await open(client, '/documents/archive?pid=7')).headers['content-type']).toBe('application/zip');
  whereOf(await open(client, '/documents/archive?pid=7'));
});

test('in an emergency nobody is asked before; the answer is owed, and given once afterwards', async () => {
  const client = await someone('front-desk');
  const reason = { reason: 'arrest in bay 4, patient list needed' };
  await post(client, '/.wardgate/emergency', reason);
  const got = await open(client, '/documents/archive?pid=7');
  expect([got.status, got.headers['content-type']]).toEqual([200, 'application/zip']);
  const owed = last('disclosure-owed');
  expect(owed['rule']).toBe('lists');
  expect((await open(client, '/.wardgate/me')).text).toContain('Downloads of an emergency');
  const where = /href="([^"]+\?owed=[\w-]+)"/.exec((await open(client, page)).text)?.[1] ?? '';
  expect((await open(client, where)).text).toContain('Where did this download go?');
  const other = await someone('records');
  expect((await answer(other, where)).status).toBe(409);
  expect((await answer(client, where, { ...yes, patients: '7' })).text).toContain('It is on record');
  expect((await answer(client, where)).status).toBe(409);
  const record = last('disclosure');
  expect([record['request'], readDisclosureNote(String(record['detail']))?.how]).toEqual([owed['request'], 'after the download']);
  expect((await open(client, page)).text).toContain('Nothing waits');
});
