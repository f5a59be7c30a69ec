// Names, groups, agents, targets, patients and reasons that want to be more than text: in the record, on our pages, in the
// console, in what scripts are told and in the headers that the EHR sees.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import { enrolWithoutAsking } from '../../src/sign-in/enrol-without-asking.ts';
import { startBadProvider } from '../support/bad-provider.ts';
import { problemOf, roleLines, script } from '../support/clinic-story.ts';
import { CookieClient } from '../support/cookie-client.ts';
import type { Reply } from '../support/cookie-client.ts';
import { codeOf, records, story } from '../support/demo-story.ts';

const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const rules = `${roleLines}
rules:
  - { name: console, area: wardgate.console, allow: privacy }
  - { name: chart, paths: [/chart, /main, /login], patient: query.pid, allow: nurse, record: [q] }
  - { name: guarded, paths: [/documents], patient: query.pid, allow: it, emergency: nurse }
`;
const page = { accept: 'text/html', 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate' };

/** What nobody may see raw in a file, a page or a header: controls, bidi and line separators. */
const active = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;
const markup = /<script|<img|<svg|onerror=|javascript:/i;

const hostile: Readonly<Record<string, string>> = {
  'line breaks': 'ada\r\nX-Remote-User: admin\r\n\r\nGET /admin HTTP/1.1',
  'line breaks in disguise': 'ada\u560d\u560aX-Remote-User: admin',
  'a record of its own': 'ada","decision":"allowed"}\n{"seq":1,"event":"sign-in"}',
  'terminal commands': '\u001b[2J\u001b]0;owned\u0007\u009b31mada',
  'right to left': 'ada\u202egnp.exe\u2066\u2069',
  'line separators': 'ada\u2028root\u2029',
  markup: `<script>alert(1)</script><img src=x onerror=alert(1)>"'\``,
  'markup in an attribute': `" autofocus onfocus="alert(1)" x="`,
  'half a character': 'ada\ud800\udc00\ud800',
  'a character without width': 'a\u200bda\ufeff\u{e0041}',
  'a zero byte': 'ada\u0000root',
  __proto__key: '__proto__',
  constructor: 'constructor',
  toString: 'toString',
  'an escape': 'ad%61%0d%0aX: y',
  template: '${7*7}{{7*7}}#{7*7}<%= 7*7 %>',
};

async function setUp(name: string) {
  const op = await startBadProvider();
  op.claims = { preferred_username: name, name, groups: ['Clinic-Nurses', 'Clinic-Privacy', name, '__proto__', 'constructor'] };
  const demo = await story({ rules, rewriteGateway: (yaml) => yaml.replace(/issuer: "[^"]+"/, `issuer: "${op.issuer}"`) });
  onTestFinished(demo.close);
  const { state, sealer, clock } = demo.gateway.composed;
  await enrolWithoutAsking({ factors: state.factors, sealer, clock }, { issuer: op.issuer, sub: 'ada' }, secret);
  const client = new CookieClient();
  const challenge = await client.page(`${demo.origin}/.wardgate/sign-in?return=%2Fmain`, {
    'user-agent': `x\u009b31m<script>${Buffer.from('\u202e').toString('latin1')}`,
  });
  const arrived = await client.form(challenge.url, { code: codeOf(secret) });
  return { demo, client, challenge, arrived, op };
}

function lines(demo: Demo): string[] {
  const files = readdirSync(demo.auditDirectory).filter((one) => one.endsWith('.jsonl'));
  return files.flatMap((one) => readFileSync(join(demo.auditDirectory, one), 'utf8').trimEnd().split('\n'));
}

/** Every record on one line, numbered without a gap, and nothing in it that a terminal or an editor would act on. */
function expectSoundRecord(demo: Demo): void {
  const all = lines(demo);
  for (const [n, line] of all.entries()) {
    expect(active.test(line), line).toBe(false);
    expect((JSON.parse(line) as { seq: number }).seq).toBe(n + 1);
  }
}

function expectHarmlessPage(reply: Reply): void {
  expect(reply.headers['content-type']).toContain('text/html');
  expect(reply.headers['content-security-policy']).toContain("require-trusted-types-for 'script'");
  expect(reply.headers['content-security-policy']).toContain("script-src 'self'");
  expect(reply.headers['x-content-type-options']).toBe('nosniff');
  const body = reply.text.replaceAll(/<script type="module" src="\/\.wardgate\/assets\/[\w.-]+\?v=\w+"><\/script>/g, '');
  expect(body).not.toMatch(/<script|<img|<svg/i);
  // Attributes end at a double quote, and in text of others there is none.
  expect(body).not.toMatch(/"\s+(?:autofocus|on\w+\s*=)/i);
  expect(/[\u202a-\u202e\u2066-\u2069]/.test(body)).toBe(false);
}

describe('a person named with', () => {
  test.each(Object.entries(hostile))('%s', async (_case, name) => {
    const { demo, client, challenge, arrived } = await setUp(name);
    expectHarmlessPage(challenge);
    expect(challenge.text).toContain('You are signing in as');
    // The EHR knows nobody of that name and shows its own login: that is as far as a name gets.
    expect(arrived).toMatchObject({ status: 200, url: `${demo.origin}/login` });

    const me = await client.ask(`${demo.origin}/.wardgate/me`, { headers: page });
    expectHarmlessPage(me);
    expect(problemOf(await script(client, `${demo.origin}/.wardgate/me`))['roles']).toEqual(['nurse', 'privacy']);

    const seen = demo.ehr.requests().at(-1)?.headers ?? [];
    const sent = seen.filter((_one, at) => at % 2 === 0).map((one) => one.toLowerCase());
    expect(sent.filter((one) => one === 'x-remote-user')).toHaveLength(1);
    const remote = seen[seen.findIndex((one, at) => at % 2 === 0 && one.toLowerCase() === 'x-remote-user') + 1] ?? '';
    expect(remote).toMatch(/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/);
    expect([name, name.toWellFormed()]).toContain(remote === name ? remote : decodeURIComponent(remote));
    expect(demo.ehr.requests().map((request) => request.target)).toEqual(['/main', '/login']);

    const refused = await client.ask(`${demo.origin}/not/in/any/rule`, { headers: page });
    expectHarmlessPage(refused);
    expect(refused.status).toBe(403);

    const console = await client.ask(`${demo.origin}/.wardgate/console`, { headers: page });
    expect(console.status).toBe(200);
    expectHarmlessPage(console);
    expectSoundRecord(demo);
    const signedIn = records(demo).find((one) => one['event'] === 'sign-in');
    expect(signedIn).toMatchObject({ subject: { sub: 'ada', name }, roles: ['nurse', 'privacy'] });
  });
});

describe('a person who sends', () => {
  test('hostile targets, patients, reasons and filters', async () => {
    const { demo, client } = await setUp('ada');
    for (const [what, text] of Object.entries(hostile)) {
      const value = encodeURIComponent(text.toWellFormed());
      for (const target of [
        `/chart?pid=${value}`,
        `/chart?q=${value}&pid=7`,
        `/${value}`,
        `/chart?${value}=1`,
        `/.wardgate/${value}`,
        `/.wardgate/step-up?return=${value}`,
      ]) {
        const reply = await client.ask(demo.origin + target, { headers: page });
        if (reply.headers['x-frame-options'] !== undefined || reply.status >= 400) expectHarmlessPage(reply);
        const told = await script(client, demo.origin + target);
        if (told.headers['content-type']?.includes('problem') === true) expect(() => problemOf(told), what).not.toThrow();
      }
      const reason = await client.form(`${demo.origin}/.wardgate/emergency?return=%2Fdocuments%3Fpid%3D7`, {
        reason: `short ${text.toWellFormed()}`.slice(0, 9),
        ['__proto__']: 'x',
        constructor: 'y',
      });
      expectHarmlessPage(reason);
      const opened = await client.ask(`${demo.origin}/.wardgate/emergency?return=%2Fmain`, {
        method: 'POST',
        body: new URLSearchParams({ reason: `long enough ${text.toWellFormed()}` }).toString(),
        headers: { ...page, 'content-type': 'application/x-www-form-urlencoded', origin: demo.origin },
      });
      expect(opened.status).toBe(303);
      for (const field of ['person', 'patient', 'show']) {
        const filtered = await client.ask(`${demo.origin}/.wardgate/console?${field}=${value}`, { headers: page });
        expect(filtered.status).toBe(200);
        expectHarmlessPage(filtered);
      }
    }
    const console = await client.ask(`${demo.origin}/.wardgate/console?show=review`, { headers: page });
    expectHarmlessPage(console);
    expect(console.text).toContain('break glass');
    expect(console.text).toContain('&lt;script&gt;');
    expectSoundRecord(demo);
    expect(({} as Record<string, unknown>)['reason']).toBeUndefined();
    for (const request of demo.ehr.requests()) expect(active.test(request.target + request.headers.join(''))).toBe(false);
  });

  test('hostile headers: told without them, recorded without their power, and not seen by the EHR', async () => {
    const { demo, client } = await setUp('ada');
    const before = demo.ehr.requests().length;
    const agent = '[31m<script>alert(1)</script>\u009b2J';
    const reply = await client.ask(`${demo.origin}/documents?pid=7`, {
      method: 'POST',
      body: '',
      headers: { ...page, 'user-agent': agent, origin: 'https://evil.example/"><script>alert(1)</script>' },
    });
    expect(reply.status).toBe(403);
    expectHarmlessPage(reply);
    expect(reply.text).toContain('&lt;script&gt;');
    const told = await script(client, `${demo.origin}/documents?pid=7`, {
      method: 'POST',
      body: '',
      headers: { 'sec-fetch-site': '"><script>' },
    });
    expect(problemOf(told)).toMatchObject({ reason: 'origin-not-permitted' });
    expect(told.headers).toMatchObject({ 'content-type': 'application/problem+json', 'x-content-type-options': 'nosniff' });
    expect(demo.ehr.requests()).toHaveLength(before);
    expectSoundRecord(demo);
    expect(markup.test(lines(demo).join(''))).toBe(true);
  });

  test('groups that are names of every object map to no role', async () => {
    const op = await startBadProvider();
    op.claims = {
      groups: ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '<script>alert(1)</script>\u202e\u001b[2J'],
    };
    const demo = await story({ rules, rewriteGateway: (yaml) => yaml.replace(/issuer: "[^"]+"/, `issuer: "${op.issuer}"`) });
    onTestFinished(demo.close);
    const reply = await new CookieClient().page(`${demo.origin}/.wardgate/sign-in`);
    expect(reply.status).toBe(403);
    expect(reply.text).toContain('no-role');
    expectHarmlessPage(reply);
    expectSoundRecord(demo);
    expect(demo.gateway.composed.state.sessions.size).toBe(0);
    expect(demo.ehr.requests()).toEqual([]);
  });
});
