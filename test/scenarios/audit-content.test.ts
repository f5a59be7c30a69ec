// What the audit says of a rich day in the clinic, and what it never says: no body, token, cookie, code, password or
// query value that no rule named stands in any file, and the log is sound afterwards.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { auditCommand } from '../../src/cli/audit.ts';
import type { Demo } from '../../src/cli/start-demo.ts';
import {
  arrive,
  codeAt,
  expectRefused,
  problemOf,
  recordsOf,
  roleLines,
  rulesChanges,
  script,
  sessionCookie,
} from '../support/clinic-story.ts';
import { CookieClient } from '../support/cookie-client.ts';
import { eventually, records, story } from '../support/demo-story.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';
import { filesBelow } from '../support/files-below.ts';

const rules = `${roleLines}
denyAlways: [/setup/**]
rules:
  - { name: charts, paths: [/chart, /chart/vitals], patient: [query.set_pid, query.pid, session], selectsPatient: query.set_pid, category: chart, allow: [physician, nurse], emergency: front-desk, record: [view] }
  - { name: notes, paths: [/chart/notes], methods: [GET, POST], patient: [query.pid, session], category: notes, action: create, allow: nurse, when: { query: { pid: present } } }
  - { name: letters, paths: ["/letters/{patient}/{letter}"], methods: POST, when: { form: { send: present } }, patient: path.patient, category: correspondence, allow: [physician, nurse] }
  - { name: users, paths: [/admin/users], allow: it, freshFactor: 5m }
  - { name: upload, paths: [/upload], methods: POST, allow: everyone }
  - { name: faults, paths: [/fault/**], allow: everyone }
  - { name: documents, paths: [/documents/file], patient: query.pid, allow: everyone }
  - { name: rest, paths: [/main, /finder, /slow], allow: everyone, record: [limit] }
downloads:
  everyone: { files: 1/hour, then: ask }
`;

const identity = 'identityHeaders: { name: X-Wardgate-User, jwt: X-Wardgate-Token }';
const clock = new ShiftingClock();
/** Everything that was typed, sent or handed out and is nobody's business, with what it was. */
const secrets = new Map<string, string>();
const typed = (what: string, value: string): string => {
  secrets.set(value, what);
  return value;
};

let demo: Demo;
let nurse: CookieClient;
const url = (path: string): string => demo.origin + path;
const subject = { issuer: expect.any(String) as unknown, sub: 'nurse', name: 'nurse' };

beforeAll(async () => {
  demo = await story({
    rules,
    clock,
    applicationLines: ['preset: legacy-demo', 'signOn: own-password', identity],
    ehr: { signOn: 'form' },
    gatewayLines: ['limits: { anonymousRecordsPerMinute: 4 }'],
  });
  nurse = new CookieClient();
  clock.forward({ minutes: 1 });
  const challenge = await nurse.page(url('/.wardgate/sign-in?login_hint=nurse&return=%2Fmain'));
  await nurse.form(challenge.url, { code: typed('a wrong code', '918273') });
  const code = typed('a right code', codeAt(demo, 'nurse', clock));
  await nurse.form(challenge.url, { code });
  await nurse.form(url('/.wardgate/credential?application=ehr&return=%2Fmain'), {
    username: 'nurse',
    password: typed('an EHR password', 'meadow-nurse'),
  });
  rememberCookies();
});
afterAll(async () => demo.close());

/** Every cookie that the browser holds or held. */
function rememberCookies(client = nurse): void {
  for (const [host, jar] of client.jar)
    for (const [name, value] of jar) if (value.length > 8) secrets.set(value, `cookie ${name} of ${host}`);
}

/** What the gateway itself held of a request, told by its id. */
function ofRequest(event: string, request: unknown): Record<string, unknown> | undefined {
  return records(demo).find((one) => one['event'] === event && one['request'] === request);
}

const outcomeOf = (request: unknown) => eventually(() => ofRequest('outcome', request), 'the outcome');

describe('the records of a request', () => {
  test('its attempt and its outcome name everything there is to know', async () => {
    const agent = 'Mozilla/5.0 (Clinic desk)';
    const secret = typed('a query value', 'hunter2-query-value');
    const reply = await script(nurse, url(`/chart?set_pid=7&view=full&token=${secret}`), { headers: { 'user-agent': agent } });
    expect(reply.status).toBe(200);
    const attempt = recordsOf(demo, 'attempt').at(-1);
    const me = problemOf(await script(nurse, url('/.wardgate/me')));
    const told = {
      subject, roles: ['nurse'], session: me['session'], factor: 'totp', address: expect.stringMatching(/^(127\.0\.0\.1|::1)$/) as unknown, agent, application: 'ehr',
      method: 'GET', target: '/chart?set_pid=-&view=full&token=-', targetHash: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown, patient: '7', patientSource: 'query',
      category: 'chart', action: 'read', rule: 'charts', decision: 'allowed', policy: expect.stringMatching(/^[0-9a-f]{16}$/) as unknown,
    }; // prettier-ignore
    expect(attempt).toMatchObject({
      event: 'attempt',
      seq: expect.any(Number) as unknown,
      time: expect.any(String) as unknown,
      request: expect.any(String) as unknown,
      ...told,
    });
    const outcome = await outcomeOf(attempt?.['request']);
    expect(outcome).toMatchObject({ ...told, status: 200, bytesIn: 0, bytesOut: reply.body.length, endedBy: 'forward' });
    expect(outcome['targetHash']).toBe(attempt?.['targetHash']);
    expect(Object.entries(outcome).find(([name]) => name.startsWith('duration'))?.[1]).toEqual(expect.any(Number));
    expect(Number(outcome['seq'])).toBeGreaterThan(Number(attempt?.['seq']));
  });

  test('a form is judged and forwarded, and its fields stand nowhere', async () => {
    const body = `send=1&text=${typed('a form field', 'Dear-patient-your-HIV-test')}&pid=${typed('a decoy', 'decoy-pid-5150')}`;
    const reply = await script(nurse, url('/letters/9/1'), {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(reply.status).toBe(200);
    const attempt = recordsOf(demo, 'attempt').at(-1);
    expect(attempt).toMatchObject({
      method: 'POST',
      target: '/letters/9/1',
      patient: '9',
      patientSource: 'path',
      category: 'correspondence',
      action: 'update',
    });
    expect(await outcomeOf(attempt?.['request'])).toMatchObject({ bytesIn: body.length, bytesOut: reply.body.length });
  });

  test('an upload, a referer, an authorization and a cookie leave no trace', async () => {
    const headers = {
      authorization: `Bearer ${typed('a bearer token', 'eyJhbGciOiJub25lIn0.bearer-secret')}`,
      referer: `https://elsewhere.example/?q=${typed('a referer', 'referer-secret-1')}`,
      cookie: `${nurse.cookieHeader(demo.origin)}; theme=${typed('a cookie of the page', 'page-cookie-secret')}`,
      'x-csrf-token': typed('a CSRF token', 'csrf-secret-token'),
      'content-type': 'text/plain',
    };
    expect(
      (await script(nurse, url('/upload'), { method: 'POST', body: typed('a body', 'the whole note of the patient'), headers }))
        .status,
    ).toBe(200);
  });

  test('a refusal is one record with its reason, and no attempt', async () => {
    await expectRefused(
      demo,
      () => script(nurse, url(`/admin/users?secret=${typed('a refused value', 'refused-query-value')}`)),
      403,
      'role-not-permitted',
    );
    const refusal = await eventually(() => recordsOf(demo, 'refusal').find((one) => one['rule'] === 'users'), 'the refusal');
    expect(refusal).toMatchObject({
      subject,
      roles: ['nurse'],
      factor: 'totp',
      method: 'GET',
      target: '/admin/users?secret=-',
      decision: 'refused',
      reason: 'role-not-permitted',
      status: 403,
      endedBy: 'authorize',
      policy: expect.any(String) as unknown,
    });
    expect(ofRequest('attempt', refusal['request'])).toBeUndefined();
    await expectRefused(demo, () => script(nurse, url('/setup/x')), 403, 'denied-always');
    expect(
      await eventually(() => recordsOf(demo, 'refusal').find((one) => one['reason'] === 'denied-always'), 'the second'),
    ).toMatchObject({ endedBy: 'match-rule', decision: 'refused' });
  });

  test('what broke is recorded as broken', async () => {
    expect((await script(nurse, url('/fault/reset'))).status).toBe(502);
    const attempt = recordsOf(demo, 'attempt').at(-1);
    expect(await outcomeOf(attempt?.['request'])).toMatchObject({
      decision: 'allowed',
      status: 502,
      reason: 'upstream-unreachable',
      endedBy: 'forward',
    });
    await script(nurse, url('/fault/mid-body')).catch(() => undefined);
    expect(await outcomeOf(recordsOf(demo, 'attempt').at(-1)?.['request'])).toMatchObject({
      status: 200,
      reason: 'upstream-cut',
      bytesOut: expect.any(Number) as unknown,
    });
  });
});

describe('the records of signing in', () => {
  test('a wrong code, the right one, the sign-in and the stored credential, in that order', () => {
    const events = records(demo)
      .filter((one) => (one['subject'] as { sub?: string } | undefined)?.sub === 'nurse')
      .map((one) => one['event']);
    const signingIn = events.filter((event) => !['attempt', 'outcome', 'refusal'].includes(String(event)));
    expect(signingIn.slice(0, 4)).toEqual(['second-factor-failed', 'second-factor', 'sign-in', 'credential-stored']);
    expect(recordsOf(demo, 'second-factor-failed')[0]).toMatchObject({
      subject,
      decision: 'refused',
      reason: 'second-factor-wrong',
      address: expect.any(String) as unknown,
    });
    expect(recordsOf(demo, 'sign-in')[0]).toMatchObject({
      subject,
      roles: ['nurse'],
      factor: 'totp',
      decision: 'allowed',
      session: expect.any(String) as unknown,
      application: 'ehr',
    });
  });

  test('whoever has no role', async () => {
    await new CookieClient().page(url('/.wardgate/sign-in?login_hint=visitor&return=%2Fmain'));
    expect(recordsOf(demo, 'sign-in-failed').at(-1)).toMatchObject({
      subject: { sub: 'visitor' },
      decision: 'refused',
      reason: 'no-role',
      address: expect.any(String) as unknown,
    });
  });

  test('an enrolment, without its secret and its recovery codes', async () => {
    const newcomer = new CookieClient();
    const enrol = await newcomer.page(url('/.wardgate/sign-in?login_hint=newcomer&return=%2F.wardgate%2Fme'));
    expect(enrol.url).toContain('/.wardgate/enrol');
    const shown =
      /[A-Z2-7]{4}(?: ?[A-Z2-7]{4}){7}/.exec(enrol.text.replaceAll(/<[^>]*>/g, ' '))?.[0] ??
      expect.fail('The page shows no secret');
    const secret = typed('a TOTP secret', shown.replaceAll(' ', ''));
    secrets.set(shown, 'a TOTP secret as shown');
    const { generateSync } = await import('otplib');
    const done = await newcomer.form(enrol.url, {
      code: typed('an enrolment code', generateSync({ secret, epoch: Math.floor(clock.now() / 1000) })),
    });
    expect(recordsOf(demo, 'enrolment').at(-1)).toMatchObject({ subject: { sub: 'newcomer' }, decision: 'allowed' });
    const codes = [...done.text.matchAll(/<(?:li|code)[^>]*>([A-Z0-9-]{16,})</g)].map(([, code]) => code ?? '');
    expect(codes.length).toBeGreaterThanOrEqual(10);
    for (const code of codes) typed('a recovery code', code);
    rememberCookies(newcomer);
  });

  test('a step-up, an emergency, a wish for more, and the end of the session', async () => {
    clock.forward({ minutes: 6 });
    const it = new CookieClient();
    await arrive(demo, 'it', clock, it, '/.wardgate/me').catch(() => undefined);
    rememberCookies(it);
    clock.forward({ minutes: 6 });
    await it.form(url('/.wardgate/step-up?return=%2F.wardgate%2Fme'), {
      code: typed('a step-up code', codeAt(demo, 'it', clock)),
    });
    rememberCookies(it);
    expect(recordsOf(demo, 'second-factor').at(-1)).toMatchObject({
      subject: { sub: 'it' },
      factor: 'totp',
      session: expect.any(String) as unknown,
    });
    const desk = new CookieClient();
    await arrive(demo, 'front-desk', clock, desk, '/.wardgate/me').catch(() => undefined);
    await desk.form(url('/.wardgate/emergency?return=%2F.wardgate%2Fme'), { reason: 'A patient collapsed at the desk' });
    expect(recordsOf(demo, 'break-glass').at(-1)).toMatchObject({
      subject: { sub: 'front-desk' },
      detail: 'A patient collapsed at the desk',
      grant: expect.any(String) as unknown,
      decision: 'allowed',
    });
    rememberCookies(desk);
    await desk.form(url('/.wardgate/sign-out'), {});
    expect(recordsOf(demo, 'sign-out').at(-1)).toMatchObject({
      subject: { sub: 'front-desk' },
      session: expect.any(String) as unknown,
      reason: 'signed-out',
      address: expect.any(String) as unknown,
    });
    clock.forward({ minutes: 45 });
    await expectRefused(demo, () => script(it, url('/main')), 401, 'session-expired');
    expect(await eventually(() => recordsOf(demo, 'session-ended').at(-1), 'the end')).toMatchObject({
      subject: { sub: 'it' },
      reason: 'idle',
      session: expect.any(String) as unknown,
    });
  });
});

describe('the records of the gateway itself', () => {
  test('its start, new rules that are in force, and rules that are not', async () => {
    expect(recordsOf(demo, 'start')[0]).toMatchObject({
      policy: expect.stringMatching(/^[0-9a-f]{16}$/) as unknown,
      detail: expect.stringContaining('Node') as unknown,
    });
    const file = join(demo.directory, 'rules.yaml');
    writeFileSync(file, rules.replace('files: 1/hour', 'files: 2/hour'));
    const change = await eventually(() => rulesChanges(demo).at(-1), 'the change');
    expect(change['policy']).not.toBe(recordsOf(demo, 'start')[0]?.['policy']);
    writeFileSync(file, rules.replace('allow: it', 'allow: itt'));
    const rejected = await eventually(() => recordsOf(demo, 'configuration-rejected').at(-1), 'the rejection');
    expect(String(rejected['detail'])).toContain('"itt"');
    writeFileSync(file, rules);
    await eventually(() => rulesChanges(demo).length === 2, 'the way back');
  });
});

describe('strangers', () => {
  test('have a budget of records, and the rest is summed up', async () => {
    const anonymous = () => recordsOf(demo, 'refusal').filter((one) => one['subject'] === undefined);
    const before = anonymous().length;
    for (let asks = 0; asks < 30; asks += 1)
      await expectRefused(demo, () => script(new CookieClient(), url(`/chart?pid=${asks}`)), 401, 'sign-in-required');
    expect(anonymous().length - before).toBeLessThanOrEqual(4);
    const fresh = anonymous().at(-1);
    if (fresh !== undefined)
      expect(fresh).toMatchObject({
        decision: 'refused',
        status: 401,
        endedBy: 'require-login',
        address: expect.any(String) as unknown,
      });
  });

  test('cannot fill the log by sign-ins that fail either', async () => {
    const before = recordsOf(demo, 'sign-in-failed').length;
    for (let tries = 0; tries < 20; tries += 1) {
      const stranger = new CookieClient();
      const start = await stranger.ask(url('/.wardgate/sign-in'), { headers: { accept: 'text/html' } });
      const state = new URL(start.headers.location ?? '').searchParams.get('state') ?? '';
      const refused = await stranger.ask(
        url(`/.wardgate/callback?error=access_denied&state=${state}&iss=${encodeURIComponent(demo.provider.issuer)}`),
        { headers: { accept: 'text/html' } },
      );
      expect(refused.status).toBe(403);
    }
    expect(recordsOf(demo, 'sign-in-failed').length - before).toBeLessThanOrEqual(4);
  });
});

describe('afterwards', () => {
  test('the log is closed with the sums of what was not recorded one by one, and is sound', async () => {
    const session = sessionCookie(nurse, demo);
    if (session !== undefined) secrets.set(session, 'the session id');
    for (const request of demo.ehr.requests()) {
      const { headers } = request;
      for (let at = 0; at < headers.length; at += 2) {
        const name = headers[at]?.toLowerCase() ?? '';
        const value = headers[at + 1] ?? '';
        if (name === 'authorization') typed('the Basic credential', value.slice('Basic '.length));
        if (name === 'x-wardgate-token') typed('an identity token', value);
      }
    }
    await demo.gateway.close();
    const sums = recordsOf(demo, 'refusals-summed');
    expect(sums.length).toBeGreaterThan(0);
    expect(sums.at(-1)).toMatchObject({
      decision: 'refused',
      address: expect.any(String) as unknown,
      detail: expect.stringMatching(/^\d+ further refused requests/) as unknown,
    });
    expect(records(demo).at(-1)).toMatchObject({ event: 'stop' });
    const printed: string[] = [];
    const print = { out: (line: string) => void printed.push(line), err: (line: string) => void printed.push(line) };
    expect({ code: await auditCommand(['verify', '--dir', demo.auditDirectory], print), printed }).toMatchObject({
      code: 0,
      printed: [expect.stringMatching(/^Sound: /)],
    });
    expect(records(demo).map((one) => one['seq'])).toEqual(records(demo).map((_, at) => at + 1));
  });

  test('no secret stands in any file of the gateway', () => {
    expect(new Set(secrets.values()).size).toBeGreaterThan(15);
    const found: string[] = [];
    for (const [file, bytes] of filesBelow(demo.directory)) {
      const isLog = file.includes('audit');
      for (const [secret, what] of secrets) {
        // Six digits may stand by chance in a number of the database; in the log they may not.
        if (secret.length < 8 && !isLog) continue;
        if (holds(bytes, secret, isLog)) found.push(`${what} "${secret}" in ${file}`);
      }
    }
    expect(found).toEqual([]);
  });
});

/** Six digits count only where they stand alone: a time or a hash may hold them by chance. */
function holds(bytes: Buffer, secret: string, isLog: boolean): boolean {
  if (secret.length >= 8 || !isLog) return bytes.includes(secret);
  return new RegExp(`(?<![0-9a-zA-Z.])${secret}(?![0-9a-zA-Z])`).test(bytes.toString('latin1'));
}
