// What a person sees of themselves: their sessions, each of which they can end, and what was recorded of them. Nobody else's,
// however alike they are called.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import { auditEntry } from '../../src/core/audit/entry.ts';
import { arrive, problemOf, recordsOf, roleLines, script } from '../support/clinic-story.ts';
import { CookieClient } from '../support/cookie-client.ts';
import type { Reply } from '../support/cookie-client.ts';
import { story } from '../support/demo-story.ts';
import { sessionOf } from '../support/session-of.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const rules = `${roleLines}
rules:
  - { name: chart, paths: [/chart], allow: [nurse, physician], patient: [query.set_pid, query.pid, session], selectsPatient: query.set_pid }
  - { name: rest, paths: [/main, /welcome], allow: everyone }
`;
const page = '/.wardgate/sessions';

let demo: Demo;
const clock = new ShiftingClock();

beforeAll(async () => {
  demo = await story({ rules, clock });
});
afterAll(async () => demo.close());

async function come(name: string): Promise<CookieClient> {
  clock.forward({ minutes: 1 });
  return arrive(demo, name, clock);
}

const shown = (client: CookieClient): Promise<Reply> => client.page(demo.origin + page);
const send = (client: CookieClient, fields: Record<string, string>, headers = {}): Promise<Reply> =>
  client.form(demo.origin + page, fields, headers);
const referenceOf = async (client: CookieClient): Promise<string> =>
  (problemOf(await script(client, `${demo.origin}/.wardgate/me`)) as { session: string }).session;
const isIn = async (client: CookieClient): Promise<boolean> => (await script(client, `${demo.origin}/welcome`)).status === 200;

describe('one’s own sessions', () => {
  test('stand on a page that the page of oneself leads to, and are ended there', async () => {
    const [here, there] = [await come('nurse'), await come('nurse')];
    expect((await here.page(`${demo.origin}/.wardgate/me`)).text).toContain(`href="${page}"`);
    const first = await shown(here);
    expect(first.text).toMatch(
      /127\.0\.0\.1 \(clinic\), since (?:\d+ \w+, )?\d\d:\d\d, last seen at (?:\d+ \w+, )?\d\d:\d\d: in use\./,
    );
    const after = await send(here, { end: await referenceOf(there) });
    expect(after.text).toContain('You are signed in nowhere else.');
    expect([await isIn(here), await isIn(there)]).toEqual([true, false]);
    const ended = recordsOf(demo, 'session-ended').at(-1);
    expect(ended).toMatchObject({ reason: 'signed-out', subject: { sub: 'nurse' } });
    expect(ended?.['detail']).toBe(`by its person, from session ${await referenceOf(here)}`);
  });

  test('are all ended but this one', async () => {
    const people = [await come('physician'), await come('physician'), await come('physician')] as const;
    expect((await shown(people[2])).text).toContain('End all others');
    await send(people[2], { others: '1' });
    expect(await Promise.all(people.map(isIn))).toEqual([false, false, true]);
  });

  test('are ended by no other person, no other site and no script', async () => {
    const [nurse, again, other] = [await come('nurse'), await come('nurse'), await come('physician')];
    const reference = await referenceOf(nurse);
    await send(other, { end: reference });
    expect((await send(again, { end: reference }, { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' })).status).toBe(403); // prettier-ignore
    const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: demo.origin };
    const tried = await script(again, demo.origin + page, { method: 'POST', body: `end=${reference}`, headers });
    expect([tried.status, await isIn(nurse)]).toEqual([403, true]);
  });
});

describe('recent access', () => {
  test('is what was recorded of this very person, and looking is recorded first', async () => {
    const client = await come('nurse');
    await client.page(`${demo.origin}/chart?set_pid=7`);
    const before = recordsOf(demo, 'own-access-viewed').length;
    // The index follows the record a moment behind.
    await expect.poll(async () => (await shown(client)).text).toMatch(/<code>GET \/chart\?set_pid=[^<]*<\/code>/);
    const { text } = await shown(client);
    expect(text).toMatch(/<td>7<\/td>/);
    expect(recordsOf(demo, 'own-access-viewed').length).toBeGreaterThan(before);
    expect(recordsOf(demo, 'own-access-viewed').at(-1)).toMatchObject({ subject: { sub: 'nurse' }, decision: 'allowed' });
  });

  test('and sessions of others stay theirs: another person, the same names at another provider, the same number there', async () => {
    const client = await come('nurse');
    const displayName = demo.personas.find(({ name }) => name === 'nurse')?.displayName ?? '';
    const { audit, state } = demo.gateway.composed;
    const { issuer } = demo.provider;
    const others = [
      { issuer: 'https://other.example', sub: 'nurse', name: 'nurse' },
      { issuer, sub: 'nurse-2', name: 'nurse' },
      { issuer, sub: 'physician', name: 'physician' },
    ];
    for (const [at, subject] of others.entries()) {
      const target = `/chart/of-somebody-else-${at}`;
      await audit.append(auditEntry('outcome', clock.now(), { subject, method: 'GET', target, decision: 'allowed' }));
      const reference = `reference-of-somebody-else-${at}`;
      const now = clock.now();
      const times = { createdAt: now, lastActiveAt: now, rolesCheckedAt: now };
      await state.sessions.create(sessionOf(`key-${at}`, { ...times, reference, subject: { ...subject, displayName } }));
    }
    // The index goes by the order of the record: where the last one is found, those before it were looked at.
    const last = { subject: { issuer, sub: 'nurse', name: 'nurse' }, method: 'GET', target: '/chart/of-mine-alone' };
    await audit.append(auditEntry('outcome', clock.now(), { ...last, decision: 'allowed' }));
    await expect.poll(async () => (await shown(client)).text).toContain('/chart/of-mine-alone');
    const { text } = await shown(client);
    expect(text).not.toContain('of-somebody-else');
    for (const at of others.keys()) await send(client, { end: `reference-of-somebody-else-${at}` });
    await send(client, { others: '1' });
    for (const at of others.keys()) expect(state.sessions.find(`key-${at}`)).toMatchObject({ found: 'yes' });
  });

  test('is not read by a script of the EHR', async () => {
    const client = await come('nurse');
    const reply = await script(client, demo.origin + page);
    expect([reply.status, reply.text.includes('/chart')]).toEqual([403, false]);
  });

  test('needs a session', async () => {
    const reply = await new CookieClient().ask(demo.origin + page);
    expect([reply.status, reply.headers.location]).toEqual([303, '/.wardgate/sign-in?return=%2F.wardgate%2Fsessions']);
  });
});
