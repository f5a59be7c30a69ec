// What the rules say, asked of the running gateway: who may, in which form, from where and when, and that no way round
// a condition reaches the EHR.

import { gzipSync } from 'node:zlib';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { explainCommand } from '../../src/cli/explain.ts';
import type { Demo } from '../../src/cli/start-demo.ts';
import {
  arrive,
  expectRefused,
  inPieces,
  problemOf,
  recordsOf,
  roleLines,
  script,
  withoutTheEhr,
} from '../support/clinic-story.ts';
import type { CookieClient } from '../support/cookie-client.ts';
import { eventually, records, seenByEhr, story } from '../support/demo-story.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const rules = `${roleLines}
denyAlways:
  - /admin/users/merge
  - { paths: [/finder], query: { debug: present } }
rules:
  - { name: closed, paths: [/schedule], allow: nobody }
  - { name: schedule, paths: [/schedule], allow: everyone }
  - { name: merge, paths: [/admin/users/merge], allow: everyone }
  - { name: night, paths: [/welcome], hours: Mon-Sun 19:00-07:00, allow: everyone }
  - { name: find, paths: [/finder, /main], allow: [physician, nurse, front-desk, records, it] }
  - { name: charts, paths: [/chart], patient: [query.pid, session], allow: [physician, nurse], emergency: front-desk }
  - { name: send, paths: ["/letters/{patient}/{letter}"], methods: POST, when: { form: { send: present } }, patient: path.patient, allow: physician }
  - { name: drafts, paths: ["/letters/{patient}/{letter}"], methods: [GET, POST], patient: path.patient, allow: [physician, nurse] }
  - { name: plain-notes, paths: [/chart/notes], methods: POST, when: { form: { urgent: absent } }, patient: query.pid, allow: nurse }
  - { name: urgent-notes, paths: [/chart/notes], methods: POST, when: { form: { urgent: "1" } }, patient: query.pid, allow: physician }
  - { name: documents, paths: [/documents], patient: query.pid, from: desks, allow: everyone }
  - { name: reports, paths: [/reports/patients], methods: [GET, POST], allow: [physician, records], export: records }
  - { name: claims, paths: [/billing/claims/export], methods: POST, allow: [physician, billing], export: billing }
  - { name: users, paths: [/admin/users], allow: it, freshFactor: 5m }
  - { name: upload, paths: [/upload], methods: [POST, PUT], allow: everyone }
tests:
  - { as: nurse, post: /letters/7/1, form: { send: "1" }, expect: refused, rule: send }
  - { as: nurse, post: /letters/7/1, form: { draft: "1" }, expect: allowed, rule: drafts }
`;

const form = 'application/x-www-form-urlencoded';
const forwarded = (yaml: string): string => yaml.replace('health: {', 'tlsEndedBy: [127.0.0.0/8, "::1/128"], health: {');

let demo: Demo;
const clock = new ShiftingClock();
const browsers = new Map<string, CookieClient>();
const url = (path: string): string => demo.origin + path;

beforeAll(async () => {
  demo = await story({ rules, clock, idle: '12h', rewriteGateway: forwarded, gatewayLines: ['breakGlass: { lasts: 10m }'] });
  for (const name of ['physician', 'nurse', 'front-desk', 'billing', 'records', 'it'])
    browsers.set(name, await arrive(demo, name, clock));
});
afterAll(async () => demo.close());

function as(name: string): CookieClient {
  const browser = browsers.get(name);
  if (browser === undefined) throw new Error(`Nobody signed in as ${name}`);
  return browser;
}

function post(name: string, path: string, type: string | null, body: string | Buffer, headers: Record<string, string> = {}) {
  return script(as(name), url(path), {
    method: 'POST',
    body,
    headers: { ...(type === null ? {} : { 'content-type': type }), ...headers },
  });
}

describe('which rule decides', () => {
  test('the first that fits, even where it allows nobody', async () => {
    const reply = await expectRefused(demo, () => script(as('physician'), url('/schedule')), 403, 'role-not-permitted');
    expect(problemOf(reply)['rule']).toBe('closed');
  });

  test.each`
    what                          | path                        | status | reason
    ${'a path'}                   | ${'/admin/users/merge'}     | ${403} | ${'denied-always'}
    ${'in capitals'}              | ${'/ADMIN/Users/MERGE'}     | ${403} | ${'denied-always'}
    ${'a field'}                  | ${'/finder?debug=1'}        | ${403} | ${'denied-always'}
    ${'a field without a value'}  | ${'/finder?q=a&debug'}      | ${403} | ${'denied-always'}
    ${'its name encoded'}         | ${'/finder?%64ebug=1'}      | ${403} | ${'denied-always'}
    ${'as PHP reads it, a blank'} | ${'/finder?%20debug=1'}     | ${403} | ${'denied-always'}
    ${'as PHP reads it, a NUL'}   | ${'/finder?debug%00x=1'}    | ${403} | ${'denied-always'}
    ${'an array of it'}           | ${'/finder?debug[]=1'}      | ${400} | ${'field-ambiguous'}
    ${'an encoded array'}         | ${'/finder?debug%5B%5D=1'}  | ${400} | ${'field-ambiguous'}
    ${'two of it'}                | ${'/finder?debug=1&debug='} | ${400} | ${'field-ambiguous'}
    ${'a preset denies it'}       | ${'/server-status'}         | ${403} | ${'denied-always'}
    ${'a preset denies its kind'} | ${'/reports/patients.bak'}  | ${403} | ${'denied-always'}
  `('what is always denied comes before every rule: $what', async ({ path, status, reason }: Refused) => {
    await expectRefused(demo, () => script(as('it'), url(path)), status, reason);
  });

  test('a field of another name is not denied', async () => {
    expect((await script(as('it'), url('/finder?Debug=1&debugger=1'))).status).toBe(200);
  });

  test.each`
    path          | status | reason
    ${'/CHART'}   | ${400} | ${'case-ambiguous'}
    ${'/Finder'}  | ${400} | ${'case-ambiguous'}
    ${'/NOWHERE'} | ${403} | ${'no-rule'}
  `('$path in other capitals is refused', async ({ path, status, reason }: Refused) => {
    await expectRefused(demo, () => script(as('physician'), url(path)), status, reason);
  });

  test.each`
    method        | path              | status | reason
    ${'HEAD'}     | ${'/chart?pid=7'} | ${200} | ${null}
    ${'POST'}     | ${'/chart?pid=7'} | ${403} | ${'no-rule'}
    ${'PUT'}      | ${'/chart?pid=7'} | ${403} | ${'no-rule'}
    ${'DELETE'}   | ${'/chart?pid=7'} | ${403} | ${'no-rule'}
    ${'PATCH'}    | ${'/chart?pid=7'} | ${403} | ${'no-rule'}
    ${'OPTIONS'}  | ${'/chart?pid=7'} | ${403} | ${'no-rule'}
    ${'HEAD'}     | ${'/upload'}      | ${403} | ${null}
    ${'GET'}      | ${'/upload'}      | ${403} | ${'no-rule'}
    ${'PROPFIND'} | ${'/chart?pid=7'} | ${405} | ${'method-not-allowed'}
  `('$method $path: $status', async ({ method, path, status, reason }: Refused & { method: string }) => {
    const before = demo.ehr.requests().length;
    const reply = await script(as('nurse'), url(path), { method });
    expect(reply.status).toBe(status);
    if (reason !== null) expect(problemOf(reply)['reason']).toBe(reason);
    expect(demo.ehr.requests().length - before).toBe(status === 200 ? 1 : 0);
  });
});

describe('from where and when', () => {
  test('a rule for the desks is closed elsewhere, whatever a client says of its address', async () => {
    await expectRefused(demo, () => script(as('nurse'), url('/documents?pid=7')), 403, 'zone-not-permitted');
    const headers = {
      'x-forwarded-for': '10.20.5.9, 203.0.113.7',
      'x-real-ip': '10.20.5.9',
      forwarded: 'for=10.20.5.9',
      'client-ip': '10.20.5.9',
    };
    await expectRefused(demo, () => script(as('nurse'), url('/documents?pid=7'), { headers }), 403, 'zone-not-permitted');
    expect((await script(as('nurse'), url('/documents?pid=7'), { headers: { 'x-forwarded-for': '10.20.5.9' } })).status).toBe(
      200,
    );
  });

  test('the factor must be fresh where the rule says so', async () => {
    expect((await script(as('it'), url('/admin/users'))).status).toBe(200);
    clock.forward({ minutes: 6 });
    const reply = await expectRefused(demo, () => script(as('it'), url('/admin/users')), 401, 'second-factor-required');
    expect(problemOf(reply)['remedy']).toBe('/.wardgate/step-up?return=%2Fadmin%2Fusers');
    await expectRefused(demo, () => script(as('nurse'), url('/admin/users')), 403, 'role-not-permitted');
  });

  test('an emergency opens what a role may open only then, for a stated reason and a bounded time', async () => {
    const desk = as('front-desk');
    await script(desk, url('/finder'));
    const asked = await expectRefused(demo, () => script(desk, url('/chart?pid=7')), 403, 'break-glass-required');
    expect(problemOf(asked)['remedy']).toBe('/.wardgate/emergency?return=%2Fchart%3Fpid%3D7');
    await withoutTheEhr(demo, () => desk.form(url('/.wardgate/emergency?return=%2Fchart%3Fpid%3D7'), { reason: '   ' }));
    await expectRefused(demo, () => script(desk, url('/chart?pid=7')), 403, 'break-glass-required');
    const opened = await desk.form(url('/.wardgate/emergency?return=%2Fchart%3Fpid%3D7'), {
      reason: 'Unconscious in the waiting room',
    });
    expect(opened).toMatchObject({ status: 200, url: url('/chart?pid=7') });
    const grant = recordsOf(demo, 'break-glass').at(-1);
    expect(grant).toMatchObject({
      subject: { sub: 'front-desk' },
      detail: 'Unconscious in the waiting room',
      decision: 'allowed',
    });
    expect(recordsOf(demo, 'attempt').at(-1)).toMatchObject({ rule: 'charts', patient: '7', grant: grant?.['grant'] });
    clock.forward({ minutes: 10 });
    await expectRefused(demo, () => script(desk, url('/chart?pid=7')), 403, 'break-glass-required');
  });

  test('nobody opens an emergency whom no rule would let in with it', async () => {
    const reply = await as('nurse').form(url('/.wardgate/emergency'), { reason: 'Just looking' });
    expect(reply.status).toBe(403);
  });
});

const parts = (...fields: readonly (readonly [string, string])[]): string =>
  `${fields.map(([head, value]) => `--b\r\nContent-Disposition: form-data; ${head}\r\n\r\n${value}\r\n`).join('')}--b--\r\n`;
const multipart = 'multipart/form-data; boundary=b';

describe('a nurse keeps drafts and sends no letter', () => {
  test.each`
    what                   | type                        | body
    ${'a draft'}           | ${form}                     | ${'text=hello&draft=1'}
    ${'nothing'}           | ${form}                     | ${''}
    ${'no type, no body'}  | ${null}                     | ${''}
    ${'its value says so'} | ${form}                     | ${'draft=send'}
    ${'in utf-8'}          | ${`${form}; charset=UTF-8`} | ${'draft=1'}
    ${'another PHP name'}  | ${form}                     | ${'Send=1'}
    ${'a multipart draft'} | ${multipart}                | ${parts(['name="draft"', '1'])}
    ${'a hidden send'}     | ${multipart}                | ${parts(['name="text"', 'name="send"'])}
  `('$what passes unchanged', async ({ type, body }: Body) => {
    const before = seenByEhr(demo, '/letters');
    const reply = await post('nurse', '/letters/7/1', type, body);
    expect(reply.status).toBe(200);
    expect(reply.text).toContain('The draft is kept');
    expect(demo.ehr.requests().slice(-1)).toMatchObject([{ target: '/letters/7/1', bodyBytes: Buffer.byteLength(body) }]);
    expect(seenByEhr(demo, '/letters')).toBe(before + 1);
  });

  test.each`
    what                         | type                             | body                                                    | status | reason
    ${'a value'}                 | ${form}                          | ${'send=1'}                                             | ${403} | ${'role-not-permitted'}
    ${'an empty value'}          | ${form}                          | ${'send='}                                              | ${403} | ${'role-not-permitted'}
    ${'no value'}                | ${form}                          | ${'send'}                                               | ${403} | ${'role-not-permitted'}
    ${'behind a draft'}          | ${form}                          | ${'draft=1&&send=0'}                                    | ${403} | ${'role-not-permitted'}
    ${'an encoded name'}         | ${form}                          | ${'%73en%64=1'}                                         | ${403} | ${'role-not-permitted'}
    ${'the same twice'}          | ${form}                          | ${'send=1&send=1'}                                      | ${403} | ${'role-not-permitted'}
    ${'twice'}                   | ${form}                          | ${'send=1&send=2'}                                      | ${400} | ${'field-ambiguous'}
    ${'an array'}                | ${form}                          | ${'send[]=1'}                                           | ${400} | ${'field-ambiguous'}
    ${'a named array'}           | ${form}                          | ${'send%5Ba%5D=1'}                                      | ${400} | ${'field-ambiguous'}
    ${'a leading blank'}         | ${form}                          | ${'+send=1'}                                            | ${403} | ${'role-not-permitted'}
    ${'a NUL behind it'}         | ${form}                          | ${'send%00draft=1'}                                     | ${403} | ${'role-not-permitted'}
    ${'bad percent signs'}       | ${form}                          | ${'send=%zz'}                                           | ${400} | ${'field-ambiguous'}
    ${'more fields than read'}   | ${form}                          | ${`${'a=1&'.repeat(1001)}b=2`}                          | ${400} | ${'field-ambiguous'}
    ${'more than is read'}       | ${form}                          | ${`text=${'x'.repeat(70_000)}`}                         | ${413} | ${'form-too-large'}
    ${'more than is read, sent'} | ${form}                          | ${`text=${'x'.repeat(70_000)}&send=1`}                  | ${413} | ${'form-too-large'}
    ${'another type'}            | ${'application/json'}            | ${'{"send":1}'}                                         | ${400} | ${'form-unreadable'}
    ${'a form under its name'}   | ${'application/json'}            | ${'send=1'}                                             | ${400} | ${'form-unreadable'}
    ${'plain text'}              | ${'text/plain'}                  | ${'send=1'}                                             | ${400} | ${'form-unreadable'}
    ${'no type'}                 | ${null}                          | ${'send=1'}                                             | ${400} | ${'form-unreadable'}
    ${'in UTF-16'}               | ${`${form}; charset=utf-16`}     | ${Buffer.from('send=1', 'utf16le')}                     | ${400} | ${'form-unreadable'}
    ${'in EBCDIC'}               | ${`${form}; charset=ibm037`}     | ${Buffer.from([0xa2, 0x85, 0x95, 0x84, 0x7e, 0xf1])}    | ${400} | ${'form-unreadable'}
    ${'a type with a comma'}     | ${`${form}, text/plain`}         | ${'send=1'}                                             | ${400} | ${'form-unreadable'}
    ${'a type with a blank'}     | ${`${form} x`}                   | ${'send=1'}                                             | ${400} | ${'form-unreadable'}
    ${'multipart'}               | ${multipart}                     | ${parts(['name="draft"', '1'], ['name="send"', '1'])}   | ${403} | ${'role-not-permitted'}
    ${'multipart, no quotes'}    | ${multipart}                     | ${parts(['name=send', '1'])}                            | ${403} | ${'role-not-permitted'}
    ${'multipart, an array'}     | ${multipart}                     | ${parts(['name="send[]"', '1'])}                        | ${400} | ${'field-ambiguous'}
    ${'multipart, twice'}        | ${multipart}                     | ${parts(['name="send"', '1'], ['name="send"', '2'])}    | ${400} | ${'field-ambiguous'}
    ${'multipart, two names'}    | ${multipart}                     | ${parts(['name="draft"; name="send"', '1'])}            | ${400} | ${'form-unreadable'}
    ${'multipart, no boundary'}  | ${'multipart/form-data'}         | ${parts(['name="send"', '1'])}                          | ${400} | ${'form-unreadable'}
    ${'two boundaries'}          | ${`${multipart}; boundary=c`}    | ${parts(['name="send"', '1'])}                          | ${400} | ${'form-unreadable'}
    ${'no end'}                  | ${multipart}                     | ${'--b\r\nContent-Disposition: form-data; name="send"'} | ${400} | ${'form-unreadable'}
    ${'another multipart'}       | ${'multipart/mixed; boundary=b'} | ${parts(['name="send"', '1'])}                          | ${400} | ${'form-unreadable'}
  `('$what does not get round it', async ({ type, body, status, reason }: Body & Refused) => {
    await expectRefused(demo, () => post('nurse', '/letters/7/1', type, body), status, reason);
  });

  test('a compressed form is refused, and so is one in the address for the form', async () => {
    const body = gzipSync('send=1');
    await expectRefused(
      demo,
      () => post('nurse', '/letters/7/1', form, body, { 'content-encoding': 'gzip' }),
      400,
      'form-unreadable',
    );
    await expectRefused(
      demo,
      () => post('nurse', '/letters/7/1', form, 'draft=1', { 'content-encoding': 'identity' }),
      400,
      'form-unreadable',
    );
    // An EHR that reads both places as one would send the letter, so nobody is told that only a draft was kept.
    await expectRefused(demo, () => post('nurse', '/letters/7/1?send=1', form, 'draft=1'), 400, 'field-ambiguous');
  });

  test('a form in pieces is judged whole', async () => {
    await expectRefused(
      demo,
      () => inPieces(as('nurse'), url('/letters/7/1'), form, ['draft=1&se', 'nd', '=1']),
      403,
      'role-not-permitted',
    );
    expect((await inPieces(as('nurse'), url('/letters/7/1'), form, ['dra', 'ft=1'])).text).toContain('The draft is kept');
  });

  test('a physician sends', async () => {
    expect((await post('physician', '/letters/7/1', form, 'send=1')).text).toContain('on its way');
  });
});

describe('absent and a value', () => {
  test.each`
    who            | body                   | status | reason
    ${'nurse'}     | ${'note=a'}            | ${302} | ${null}
    ${'nurse'}     | ${'note=a&urgent=1'}   | ${403} | ${'role-not-permitted'}
    ${'nurse'}     | ${'note=a&urgent='}    | ${403} | ${'no-rule'}
    ${'nurse'}     | ${'note=a&urgent[]='}  | ${400} | ${'field-ambiguous'}
    ${'physician'} | ${'note=a&urgent=1'}   | ${302} | ${null}
    ${'physician'} | ${'note=a&urgent=%31'} | ${302} | ${null}
    ${'physician'} | ${'note=a&urgent=01'}  | ${403} | ${'no-rule'}
    ${'physician'} | ${'note=a'}            | ${403} | ${'role-not-permitted'}
  `('$who posts $body: $status', async ({ who, body, status, reason }: Refused & { who: string; body: string }) => {
    if (reason !== null) await expectRefused(demo, () => post(who, '/chart/notes?pid=7', form, body), status, reason);
    else expect((await post(who, '/chart/notes?pid=7', form, body)).status).toBe(status);
  });
});

describe('exports', () => {
  test.each`
    who            | path                        | body
    ${'physician'} | ${'/reports/patients'}      | ${'form_csvexport=true'}
    ${'physician'} | ${'/billing/claims/export'} | ${''}
  `(
    'are judged by what comes back: $who may post to $path and gets no file',
    async ({ who, path, body }: Record<string, string>) => {
      const reply = await post(who ?? '', path ?? '', form, body ?? '');
      expect(reply.status).toBe(403);
      expect(problemOf(reply)).toMatchObject({ reason: 'export-not-permitted' });
      expect(reply.text).not.toContain('MB-');
      expect(reply.headers['content-disposition']).toBeUndefined();
      const outcome = await eventually(
        () => recordsOf(demo, 'outcome').find((one) => one['reason'] === 'export-not-permitted' && one['target'] === path),
        'the outcome',
      );
      expect(outcome).toMatchObject({ decision: 'refused', endedBy: 'admit-reply-download', status: 403 });
    },
  );

  test('the view on the same address stays open, and whoever may export gets the file', async () => {
    expect((await script(as('physician'), url('/reports/patients'))).status).toBe(200);
    expect((await post('physician', '/reports/patients', form, 'form_refresh=true')).status).toBe(200);
    const file = await post('records', '/reports/patients', form, 'form_csvexport=true');
    expect(file.status).toBe(200);
    expect(file.text).toContain('MB-');
  });
});

test('hours are those of the clinic', async () => {
  const local = (): number =>
    Number(
      new Intl.DateTimeFormat('en-US', { timeZone: 'America/Chicago', hour: 'numeric', hourCycle: 'h23' }).format(clock.now()),
    );
  while (local() !== 12) clock.forward({ minutes: 30 });
  const noon = await arrive(demo, 'nurse', clock);
  await expectRefused(demo, () => script(noon, url('/welcome')), 403, 'hours-not-permitted');
  while (local() !== 20) clock.forward({ minutes: 30 });
  const evening = await arrive(demo, 'nurse', clock);
  expect((await script(evening, url('/welcome'))).status).toBe(200);
});

test('explain says of two hundred requests what the gateway does with them', { timeout: 120_000 }, async () => {
  const people = ['physician', 'nurse', 'front-desk', 'billing', 'it'] as const;
  for (const name of people) {
    clock.forward({ seconds: 30 });
    browsers.set(name, await arrive(demo, name, clock));
  }
  const paths = fc.constantFrom(
    '/chart',
    '/CHART',
    '/finder',
    '/finder/',
    '/main',
    '/schedule',
    '/letters/7/1',
    '/letters/a%20b/2',
    '/letters/7',
    '/chart/notes',
    '/documents',
    '/documents',
    '/documents',
    '/upload',
    '/admin/users/merge',
    '/nowhere',
    '/chart%2F..',
    '/Letters/7/1',
  );
  const queries = fc.constantFrom(
    '',
    '?',
    '?pid=7',
    '?pid=7&pid=8',
    '?pid[]=7',
    '?debug=1',
    '?q=a&&debug',
    '?_method=DELETE',
    '?p%69d=9',
    '?pid=%zz',
  );
  const forms = fc.constantFrom<readonly (readonly [string, string])[]>(
    [],
    [['send', '1']],
    [['draft', '1']],
    [
      ['urgent', '1'],
      ['note', 'x'],
    ],
    [['urgent', '']],
    [['send[]', '1']],
    [
      ['send', '1'],
      ['send', '2'],
    ],
  );
  const requests = fc.sample(
    fc.record({
      who: fc.constantFrom(...people),
      method: fc.constantFrom('GET', 'GET', 'POST', 'POST', 'PUT', 'DELETE', 'OPTIONS'),
      path: paths,
      query: queries,
      fields: forms,
    }),
    { numRuns: 200, seed: 20_261_123 },
  );
  const config = join(demo.directory, 'gateway.yaml');
  const seen = new Map<string, number>();
  for (const { who, method, path, query, fields } of requests) {
    const sendsForm = (method === 'POST' || method === 'PUT' || method === 'DELETE') && fields.length > 0;
    const body = new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value])).toString();
    const headers = sendsForm ? { 'content-type': form } : {};
    const before = demo.ehr.requests().length;
    const reply = await script(as(who), url(path + query), { method, headers, ...(sendsForm ? { body } : {}) });
    const reached = demo.ehr.requests().length > before;
    const said = await explained(config, [
      '--roles',
      who,
      '--zone',
      'clinic',
      '--method',
      method,
      '--path',
      path + query,
      ...(sendsForm ? fields.flatMap(([name, value]) => ['--form', `${name}=${value}`]) : []),
    ]);
    const record = records(demo).findLast((one) => one['event'] === 'attempt' || one['event'] === 'refusal');
    const told = {
      allow: reached,
      rule: record?.['rule'] ?? null,
      reason: reached ? 'permitted' : problemOf(reply)['reason'],
      patient: reached ? (record?.['patient'] ?? null) : null,
    };
    expect({ ...told, request: `${who} ${method} ${path}${query} ${body}` }).toEqual({
      allow: said.allow,
      rule: said.rule,
      reason: said.reason,
      patient: said.allow ? said.patient : null,
      request: `${who} ${method} ${path}${query} ${body}`,
    });
    seen.set(said.reason, (seen.get(said.reason) ?? 0) + 1);
  }
  expect([...seen.keys()]).toEqual(
    expect.arrayContaining([
      'permitted',
      'no-rule',
      'role-not-permitted',
      'denied-always',
      'target-malformed',
      'field-ambiguous',
      'case-ambiguous',
      'zone-not-permitted',
    ]),
  );
});

describe('while the rules are only observed', () => {
  let watched: Demo;
  beforeAll(async () => {
    watched = await story({ rules: `mode: observe\n${rules.slice(0, rules.indexOf('tests:'))}`, clock });
  });
  afterAll(async () => watched.close());

  test('what would be refused passes and is recorded with the reason; what is always denied is not', async () => {
    const nurse = await arrive(watched, 'nurse', clock);
    expect((await script(nurse, watched.origin + '/admin/users')).status).not.toBe(403);
    expect(records(watched).findLast((one) => one['event'] === 'attempt')).toMatchObject({
      decision: 'observed',
      reason: 'role-not-permitted',
      rule: 'users',
    });
    expect((await script(nurse, watched.origin + '/redirect')).status).toBe(302);
    expect(records(watched).findLast((one) => one['event'] === 'attempt')).toMatchObject({
      decision: 'observed',
      reason: 'no-rule',
      rule: 'observed',
    });
    expect((await script(nurse, watched.origin + '/chart?pid=7')).status).toBe(200);
    expect(records(watched).findLast((one) => one['event'] === 'attempt')).toMatchObject({ decision: 'allowed', rule: 'charts' });
    await expectRefused(watched, () => script(nurse, watched.origin + '/admin/users/merge'), 403, 'denied-always');
    const desk = await arrive(watched, 'front-desk', clock);
    expect((await script(desk, watched.origin + '/chart?pid=7')).status).toBe(200);
    expect(records(watched).findLast((one) => one['event'] === 'attempt')).toMatchObject({
      decision: 'observed',
      reason: 'break-glass-required',
      rule: 'charts',
      subject: { sub: 'front-desk' },
    });
    await expectRefused(
      watched,
      () => nurse.ask(watched.origin + '/chart', { headers: { 'sec-fetch-mode': 'cors', cookie: '' } }),
      401,
      'sign-in-required',
    );
  });
});

test('a rule file whose own tests fail does not start, and says which', async () => {
  const wrong = rules.replace('form: { draft: "1" }, expect: allowed', 'form: { draft: "1" }, expect: refused');
  await expect(story({ rules: wrong })).rejects.toThrow(/rules\.yaml:\d+:\d+: .*letters\/7\/1/s);
});

interface Refused {
  readonly path: string;
  readonly status: number;
  readonly reason: string;
}

interface Body {
  readonly type: string | null;
  readonly body: string | Buffer;
}

interface Said {
  readonly allow: boolean;
  readonly rule: string | null;
  readonly reason: string;
  readonly patient: string | null;
}

/** What `wardgate explain --json` prints. */
async function explained(config: string, args: readonly string[]): Promise<Said> {
  const printed = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  try {
    await explainCommand(['--config', config, '--json', ...args]);
    return JSON.parse(String(printed.mock.calls[0]?.[0])) as Said;
  } finally {
    printed.mockRestore();
  }
}
