// Download budgets as people meet them: at, under and over each limit, what is counted and what is not, and what happens
// when a budget ends in the middle of a file.

import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import type { Gateway } from '../../src/main.ts';
import { arrive, problemOf, recordsOf, restart, roleLines, script, withoutTheEhr } from '../support/clinic-story.ts';
import type { CookieClient, Reply } from '../support/cookie-client.ts';
import { eventually, story } from '../support/demo-story.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const roles = roleLines;
const rules = `${roles}
rules:
  - { name: charts, paths: [/chart, /chart/vitals], patient: query.pid, allow: everyone, emergency: front-desk }
  - { name: documents, paths: [/documents/file, /documents/archive], patient: query.pid, allow: everyone }
  - { name: images, paths: ["/images/{patient}/{image}"], patient: path.patient, download: never, allow: everyone }
  - { name: reports, paths: [/reports/patients], methods: [GET, POST], allow: everyone }
  - { name: bulk, paths: [/files/large], allow: everyone }
  - { name: prepared, paths: [/files/prepared], download: always, allow: everyone }
  - { name: rest, paths: [/main, /finder], allow: everyone }
  - { name: letters, paths: ["/letters/{patient}/{letter}"], patient: path.patient, allow: nobody, emergency: [physician, nurse, front-desk] }
downloads:
  everyone: { files: unlimited, size: unlimited, patients: unlimited, then: refuse }
  nurse: { files: 5/hour, then: refuse }
  physician: { patients: 5/hour, then: refuse }
  front-desk: { files: 2/hour, then: ask }
  billing: { size: 3MB/day, then: refuse }
  records: { files: 1/hour, pace: 2MB/s, then: slow }
  privacy: { size: 3MB/day, files: 50/hour, then: refuse }
  it: { files: 3/hour, size: 4MB/day, patients: 3/hour, then: refuse }
`;

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const clock = new ShiftingClock();
let demo: Demo;
let gateway: Gateway;
const browsers = new Map<string, CookieClient>();
const url = (path: string): string => demo.origin + path;

beforeAll(async () => {
  demo = await story({ rules, clock, idle: '12h' });
  ({ gateway } = demo);
  // Well before the clinic's midnight, at which the day's bytes begin again.
  const hour = (): number =>
    Number(
      new Intl.DateTimeFormat('en-US', { timeZone: 'America/Chicago', hour: 'numeric', hourCycle: 'h23' }).format(clock.now()),
    );
  while (hour() !== 9) clock.forward({ minutes: 30 });
  for (const name of ['nurse', 'physician', 'front-desk', 'billing', 'records', 'security', 'it'])
    browsers.set(name, await arrive(demo, name, clock));
});
afterAll(async () => {
  await gateway.close();
  await demo.close();
});

function as(name: string): CookieClient {
  const browser = browsers.get(name);
  if (browser === undefined) throw new Error(`Nobody signed in as ${name}`);
  return browser;
}

const fetchAs = (name: string, path: string, headers: Record<string, string> = {}) => script(as(name), url(path), { headers });
const file = (name: string, pid: number, doc = 1) => fetchAs(name, `/documents/file?pid=${pid}&doc=${doc}`);

function expectOver(reply: Reply): void {
  expect(reply.status).toBe(429);
  expect(problemOf(reply)['reason']).toBe('budget-exhausted');
}

describe('files in an hour', () => {
  test('up to the budget they pass, with a warning at 80 %, and the next is refused until the hour is over', async () => {
    for (const pid of [1, 2, 3]) expect((await file('nurse', pid)).status).toBe(200);
    expect(recordsOf(demo, 'budget-warning')).toEqual([]);
    expect((await file('nurse', 4)).status).toBe(200);
    expect(recordsOf(demo, 'budget-warning')).toMatchObject([{ subject: { sub: 'nurse' }, rule: 'documents' }]);
    expect((await file('nurse', 5)).status).toBe(200);
    expect(recordsOf(demo, 'budget-warning')).toHaveLength(1);
    const over = await file('nurse', 6);
    expectOver(over);
    expect(over.body.includes('%PDF')).toBe(false);
    expect(Number(over.headers['retry-after'])).toBeGreaterThan(3500);
    expect(problemOf(over)).toMatchObject({ retryAfterSeconds: Number(over.headers['retry-after']) });
    expect(problemOf(over)['detail']).toMatch(
      /^Your budget of 5 downloaded files an hour is used up; it opens again at \d{1,2}:\d\d/,
    );
  });

  test('a person sees what they have used, and that it is nearly all', async () => {
    const own = await fetchAs('nurse', '/.wardgate/me', { accept: 'application/json' });
    expect(problemOf(own)['downloads']).toEqual([{ measure: 'files', used: 5, limit: 5, nearlyUsed: true }]);
    const page = await as('nurse').page(url('/.wardgate/me'));
    expect(page.text).toMatch(/<dt>Files this hour<\/dt>\s*<dd>5 of 5, nearly used up<\/dd>/);
    const untouched = await as('billing').page(url('/.wardgate/me'));
    expect(untouched.text).toMatch(/<dt>Downloaded today<\/dt>\s*<dd>0 MB of 3 MB<\/dd>/);
  });

  test('a page says the same to a person', async () => {
    const over = await as('nurse').page(url('/documents/file?pid=7&doc=1'));
    expect(over.status).toBe(429);
    expect(over.headers['content-type']).toContain('text/html');
    expect(over.text).toMatch(/Your budget of 5 downloaded files an hour is used up; it opens again at \d/);
  });

  test('what the rules call a download never reaches the EHR once the budget is used up', async () => {
    expectOver(await withoutTheEhr(demo, () => fetchAs('nurse', '/files/prepared')));
  });

  test('the same file again, its ranges and HEAD take none', async () => {
    expect((await file('nurse', 5)).status).toBe(200);
    expect((await fetchAs('nurse', '/documents/file?pid=5&doc=1', { range: 'bytes=0-9' })).status).toBe(200);
    const head = await script(as('nurse'), url('/documents/file?pid=8&doc=1'), { method: 'HEAD' });
    expect(head.status).toBe(200);
    expectOver(await file('nurse', 8));
  });

  test('charts, pages and pictures are no files', async () => {
    expect((await fetchAs('nurse', '/chart?pid=8')).status).toBe(200);
    expect((await fetchAs('nurse', '/images/8/1')).status).toBe(200);
    expect((await fetchAs('nurse', '/images/8/2')).status).toBe(200);
    expect((await fetchAs('nurse', '/reports/patients')).status).toBe(200);
  });

  test('a second session of the same person shares the budget', async () => {
    clock.forward({ minutes: 1 });
    const other = await arrive(demo, 'nurse', clock);
    expectOver(await script(other, url('/documents/file?pid=9&doc=1')));
  });

  test('a file that the EHR does not have is none', async () => {
    const browser = as('it');
    for (const doc of [90, 91, 92, 93]) expect((await script(browser, url(`/documents/file?pid=1&doc=${doc}`))).status).toBe(404);
    for (const doc of [1, 2, 3]) expect((await script(browser, url(`/documents/file?pid=1&doc=${doc}`))).status).toBe(200);
    expectOver(await script(browser, url('/documents/archive?pid=1')));
  });

  test('a restart keeps what was counted', async () => {
    gateway = await restart(demo, gateway, clock);
    expectOver(await file('nurse', 10));
    expect((await file('nurse', 5)).status).toBe(200);
  });

  test('after the hour it opens again', async () => {
    clock.forward({ minutes: 61 });
    expect((await file('nurse', 10)).status).toBe(200);
  });
});

describe('patients in an hour', () => {
  test('pictures and charts count the patient once; those already opened pass, the next is refused before the EHR', async () => {
    for (const path of [
      '/chart?pid=1',
      '/chart/vitals?pid=1',
      '/images/1/1',
      '/images/2/1',
      '/chart?pid=3',
      '/chart?pid=4',
      '/chart?pid=5',
    ])
      expect((await fetchAs('physician', path)).status).toBe(200);
    const over = await withoutTheEhr(demo, () => fetchAs('physician', '/chart?pid=6'));
    expectOver(over);
    expect(problemOf(over)['detail']).toMatch(/^Your budget of 5 patients an hour is used up; it opens again at /);
    expectOver(await withoutTheEhr(demo, () => fetchAs('physician', '/images/6/1')));
    expectOver(
      await withoutTheEhr(demo, () =>
        script(as('physician'), url('/chart?pid=6'), { method: 'HEAD' }).then((reply) => ({
          ...reply,
          text: '{"reason":"budget-exhausted"}',
        })),
      ),
    );
    for (const pid of [1, 2, 3, 4, 5]) expect((await fetchAs('physician', `/chart?pid=${pid}`)).status).toBe(200);
    expect(
      recordsOf(demo, 'budget-warning').filter((one) => (one['subject'] as { sub: string }).sub === 'physician'),
    ).toHaveLength(1);
  });

  test('an open emergency grant passes, and every passing is recorded', async () => {
    await as('physician').form(url('/.wardgate/emergency?return=%2Fmain'), { reason: 'Mass casualty, many charts' });
    expect((await fetchAs('physician', '/chart?pid=6')).status).toBe(200);
    const passed = await eventually(
      () =>
        recordsOf(demo, 'budget-passed').at(-1) ??
        recordsOf(demo, 'budget-warning').find((one) => one['reason'] === 'budget-exhausted'),
      'the record',
    );
    expect(passed).toMatchObject({ subject: { sub: 'physician' }, grant: recordsOf(demo, 'break-glass').at(-1)?.['grant'] });
    expect(recordsOf(demo, 'attempt').at(-1)).toMatchObject({ patient: '6', grant: passed['grant'] });
  });
});

describe('asking', () => {
  test('one stated reason doubles the budget once a day, and is on record before it does', async () => {
    const desk = as('front-desk');
    for (const pid of [1, 2]) expect((await file('front-desk', pid)).status).toBe(200);
    const over = await file('front-desk', 3);
    expectOver(over);
    expect(problemOf(over)['remedy']).toMatch(/^\/\.wardgate\/more-downloads/);
    expect((await desk.form(url('/.wardgate/more-downloads'), { reason: ' ' })).status).toBe(400);
    expectOver(await file('front-desk', 3));
    await desk.form(url('/.wardgate/more-downloads?return=%2Fmain'), {
      reason: 'Transfer of three patients to the county hospital',
    });
    expect(recordsOf(demo, 'budget-extended')).toMatchObject([
      {
        subject: { sub: 'front-desk' },
        detail: 'Transfer of three patients to the county hospital',
        address: '127.0.0.1',
        application: 'ehr',
        request: expect.any(String) as string,
        factor: 'totp',
      },
    ]);
    for (const pid of [3, 4]) expect((await file('front-desk', pid)).status).toBe(200);
    const again = await file('front-desk', 5);
    expectOver(again);
    expect(problemOf(again)['remedy']).toBeUndefined();
    expect((await desk.form(url('/.wardgate/more-downloads'), { reason: 'A fourth patient has to be transferred' })).status).toBe(
      429,
    );
    expect(recordsOf(demo, 'budget-extended')).toHaveLength(1);
  });

  test('nobody extends a budget whose rules do not ask', async () => {
    expect((await as('nurse').form(url('/.wardgate/more-downloads'), { reason: 'I would like to have some more' })).status).toBe(
      429,
    );
    expect(recordsOf(demo, 'budget-extended')).toHaveLength(1);
  });
});

describe('bytes in a day', () => {
  test('a reply over many patients must fit; one that does not is refused, one that ends the budget to the byte passes', async () => {
    const first = await fetchAs('billing', '/files/large?megabytes=1');
    expect(first.body).toHaveLength(1024 * 1024);
    const tooMuch = await fetchAs('billing', '/files/large?megabytes=2');
    expectOver(tooMuch);
    expect(tooMuch.body.length).toBeLessThan(2000);
    expect((await fetchAs('billing', '/files/large?megabytes=1&again=1')).status).toBe(200);
    const hour = 3600;
    expect(Number((await fetchAs('billing', '/files/large?megabytes=1&again=2')).headers['retry-after'])).toBeLessThanOrEqual(
      24 * hour,
    );
  });

  test('one larger than a whole day says that waiting does not help', async () => {
    const over = await fetchAs('billing', '/files/large?megabytes=64');
    expectOver(over);
    expect(over.headers['retry-after']).toBeUndefined();
  });

  test('a reply of unknown length over many patients is cut where the budget ends, and recorded so', async () => {
    const sent = await partOf('security', '/files/large?megabytes=8&length=unknown');
    expect(sent.complete).toBe(false);
    expect(sent.bytes).toBeLessThanOrEqual(3_000_000);
    expect(sent.bytes).toBeGreaterThan(2_500_000);
    const outcome = await eventually(
      () => recordsOf(demo, 'outcome').find((one) => one['reason'] === 'budget-cut'),
      'the outcome',
    );
    expect(outcome).toMatchObject({
      rule: 'bulk',
      download: expect.any(String) as unknown,
      status: 200,
      subject: { sub: 'security' },
      bytesOut: expect.any(Number) as unknown,
    });
    expect(Number(outcome['bytesOut'])).toBeLessThanOrEqual(3_000_000);
  });

  test("a single patient's file that was started finishes, and the next is refused", async () => {
    const archive = await fetchAs('security', '/documents/archive?pid=1');
    expect(archive.status).toBe(200);
    expect(archive.body.subarray(-22, -18).toString('latin1')).toBe('PK\u0005\u0006');
    await eatTheRest('security');
    let pid = 2;
    while (pid < 40 && (await fetchAs('security', `/documents/archive?pid=${pid}`)).status === 200) pid += 1;
    expectOver(await fetchAs('security', `/documents/archive?pid=${pid}`));
    const sent = recordsOf(demo, 'outcome').filter(
      (one) => (one['subject'] as { sub: string }).sub === 'security' && (one['rule'] === 'bulk' || one['rule'] === 'documents'),
    );
    const bytes = sent.reduce((sum, one) => sum + (one['status'] === 200 ? Number(one['bytesOut']) : 0), 0);
    expect(bytes).toBeGreaterThanOrEqual(3_000_000);
    expect(bytes).toBeLessThan(3_000_000 + archive.body.length * 2);
  });

  test('the warning comes at 80 % of the day', () => {
    expect(
      recordsOf(demo, 'budget-warning').filter((one) => (one['subject'] as { sub: string }).sub === 'security'),
    ).toHaveLength(1);
  });

  test('the next day has a budget of its own', async () => {
    clock.forward({ hours: 11 });
    const billing = as('billing');
    await script(billing, url('/finder'));
    clock.forward({ hours: 5 });
    const later = await arrive(demo, 'billing', clock, billing);
    expect((await script(later, url('/files/large?megabytes=1'))).status).toBe(200);
  });
});

describe('slowing down', () => {
  test('over the budget the file still comes whole and in order, and its rate is the slow one', async () => {
    clock.forward({ minutes: 1 });
    const records = await arrive(demo, 'records', clock);
    const plain = await script(records, url('/files/large?megabytes=1'));
    expect(plain.status).toBe(200);
    const slow = await script(records, url('/reports/patients'), { method: 'POST', body: 'form_csvexport=1', headers: form });
    expect(slow.status).toBe(200);
    expect(slow.text.split('\n').length).toBeGreaterThan(60);
    expect(slow.text).not.toContain('budget');
  });

  test('the outcome says that it was one, by what it was known, and that it was slowed', async () => {
    const of = (rule: string) => recordsOf(demo, 'outcome').filter((one) => one['rule'] === rule && subOf(one) === 'records');
    const slow = await eventually(() => of('reports').at(-1), 'the outcome');
    expect(slow).toMatchObject({ download: expect.stringMatching(/^(?:disposition|content-type)$/) as unknown, pace: 'slowed' });
    expect(of('bulk')[0]).toMatchObject({ download: expect.any(String) as unknown });
    expect(of('bulk')[0]).not.toHaveProperty('pace');
    expect(recordsOf(demo, 'outcome').find((one) => one['rule'] === 'charts')).not.toHaveProperty('download');
  });

  test('pacing changes no byte of a file', async () => {
    clock.forward({ hours: 2 });
    const records = await arrive(demo, 'records', clock);
    const block = Buffer.alloc(64 * 1024, 'Meadowbrook made-up data, line after line after line after line\n');
    const expected = createHash('sha256');
    for (let sent = 0; sent < (4 * 1024 * 1024) / block.length; sent += 1) expected.update(block);
    const paced = await script(records, url('/files/large?megabytes=4&length=unknown'));
    expect(paced.status).toBe(200);
    expect(createHash('sha256').update(paced.body).digest('hex')).toBe(expected.digest('hex'));
  });
});

const subOf = (one: Record<string, unknown>): unknown => (one['subject'] as { sub?: unknown } | undefined)?.sub;

/** Uses up what is left of the day. */
async function eatTheRest(name: string): Promise<void> {
  const sent = await partOf(name, '/files/large?megabytes=8&length=unknown&rest=1');
  expect(sent.complete).toBe(false);
}

/** Reads a reply to wherever it ends. One cut before its first byte is answered with a refusal, and is not complete either. */
function partOf(name: string, path: string): Promise<{ readonly bytes: number; readonly complete: boolean }> {
  const { hostname, port } = new URL(demo.origin);
  return new Promise((resolve) => {
    const outgoing = request(
      { host: hostname, port, path, headers: { cookie: as(name).cookieHeader(demo.origin) }, agent: false },
      (reply) => {
        let bytes = 0;
        reply.on('data', (chunk: Buffer) => void (bytes += chunk.length));
        reply.on('error', () => undefined);
        reply.on('close', () => resolve({ bytes, complete: reply.complete && reply.statusCode === 200 }));
      },
    );
    outgoing.on('error', () => resolve({ bytes: 0, complete: false }));
    outgoing.end();
  });
}
