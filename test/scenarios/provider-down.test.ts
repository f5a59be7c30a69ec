// An hour in which the sign-in service does not answer: who is signed in goes on, proves themselves to us after a while and loses
// nothing; who is not is told so, and the page tries again by itself for a bounded time.

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import { arrive, codeAt, expectRefused, recordsOf, roleLines, script, withoutTheEhr } from '../support/clinic-story.ts';
import { CookieClient } from '../support/cookie-client.ts';
import { story } from '../support/demo-story.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const rules = `${roleLines}
rules:
  - { name: notes, paths: [/chart/notes], methods: [GET, POST], allow: [nurse, physician] }
  - { name: find, paths: [/finder, /main, /welcome], allow: everyone }
`;
let demo: Demo;
let clock: ShiftingClock;

beforeAll(async () => {
  clock = new ShiftingClock();
  const times = 'clientId: wardgate, recheckEvery: 10m, recheckGrace: 30m,';
  demo = await story({ rules, clock, idle: '12h', rewriteGateway: (yaml) => yaml.replace('clientId: wardgate,', times) });
});
afterAll(async () => demo.close());
beforeEach(() => clock.forward({ minutes: 2 }));

const url = (path: string): string => demo.origin + path;

async function looks(times: number): Promise<void> {
  for (let at = 0; at < times; at += 1) {
    await demo.gateway.composed.lookAtProvider();
    clock.forward({ seconds: 15 });
  }
}

async function whileDown(act: () => Promise<void>, times = 6): Promise<void> {
  await demo.provider.pause();
  try {
    await looks(times);
    await act();
  } finally {
    await demo.provider.resume();
    await looks(1);
  }
}

test('the sign-in page says what is wrong and whom to ask, and tries again by itself for ten minutes', async () => {
  await whileDown(async () => {
    const page = await new CookieClient().page(url('/.wardgate/sign-in?return=%2Ffinder'));
    expect([page.status, page.headers['retry-after']]).toEqual([503, '15']);
    expect(page.headers['refresh']).toBe('15; url=/.wardgate/sign-in?return=%2Ffinder&tries=1');
    for (const text of ['The sign-in service does not answer', 'ext. 4357', 'It is not your password'])
      expect(page.text).toContain(text);
    expect(page.text).not.toContain('Emergency sign-in');
    const last = await new CookieClient().page(url('/.wardgate/sign-in?tries=40'));
    expect([last.status, last.headers['refresh']]).toEqual([503, undefined]);
    expect(last.text).toContain('Try again by the button');
    // The browser may reach what the gateway does not.
    const anyway = await new CookieClient().ask(url('/.wardgate/sign-in?anyway=1'));
    expect([anyway.status, anyway.headers.location?.startsWith(demo.provider.issuer)]).toEqual([303, true]);
  });
  const back = await new CookieClient().ask(url('/.wardgate/sign-in'));
  expect([back.status, back.headers.location?.startsWith(demo.provider.issuer)]).toEqual([303, true]);
});

test('one look that fails is not told to anybody', async () => {
  await whileDown(async () => {
    expect((await new CookieClient().ask(url('/.wardgate/sign-in'))).status).toBe(303);
    expect(demo.gateway.composed.notices().join(' ')).not.toContain('identity provider');
  }, 1);
});

test('whoever runs the gateway is told by a notice and a number', async () => {
  await whileDown(async () => {
    expect(demo.gateway.composed.notices()).toContain('the identity provider has not answered for 1 minute');
    expect((await demo.gateway.composed.metrics.text()).text).toMatch(/^wardgate_provider_silent_seconds (?:7\d|8\d|9\d)/m);
    await Promise.resolve();
  });
  expect((await demo.gateway.composed.metrics.text()).text).toMatch(/^wardgate_provider_silent_seconds 0$/m);
});

test('who is signed in goes on, locks after the grace time, unlocks by a code and loses no note', async () => {
  const client = await arrive(demo, 'nurse', clock);
  await whileDown(async () => {
    clock.forward({ minutes: 30 });
    expect((await script(client, url('/finder'))).status).toBe(200);
    clock.forward({ minutes: 10 });
    await expectRefused(demo, () => script(client, url('/finder')), 423, 'session-locked');
    expect(recordsOf(demo, 'locked').at(-1)).toMatchObject({ subject: { sub: 'nurse' }, reason: 'roles-stale' });
    const note = { note: 'Typed in the dark', visit: '1' };
    const body = new URLSearchParams(note).toString();
    const headers = { accept: 'text/html', 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate', origin: demo.origin };
    const type = 'application/x-www-form-urlencoded';
    const sent = await withoutTheEhr(demo, () =>
      client.ask(url('/chart/notes?pid=7'), { method: 'POST', body, headers: { ...headers, 'content-type': type } }),
    );
    expect(sent.headers.location).toBe('/.wardgate/unlock?return=%2F.wardgate%2Fheld');
    expect((await client.page(url(sent.headers.location ?? ''))).text).toContain('The sign-in service does not answer. To go on');
    const page = await client.form(url(sent.headers.location ?? ''), { code: codeAt(demo, 'nurse', clock) });
    expect(page.text).toContain('Typed in the dark');
    clock.forward({ minutes: 29 });
    expect((await script(client, url('/finder'))).status).toBe(200);
    clock.forward({ minutes: 1 });
    await expectRefused(demo, () => script(client, url('/finder')), 423, 'session-locked');
    await client.form(url('/.wardgate/unlock'), { code: codeAt(demo, 'nurse', clock) });
  });
  clock.forward({ minutes: 1 });
  expect((await script(client, url('/finder'))).status).toBe(200);
});

test('a person whom the provider refuses once it answers again is out at once', async () => {
  const client = await arrive(demo, 'nurse', clock);
  await whileDown(async () => {
    demo.provider.revoke('nurse');
    clock.forward({ minutes: 15 });
    expect((await script(client, url('/finder'))).status).toBe(200);
  });
  // A provider that gave no answer is left in peace for two seconds.
  await expect.poll(async () => (await script(client, url('/finder'))).status, { timeout: 10_000 }).toBe(401);
  expect(recordsOf(demo, 'session-ended').at(-1)).toMatchObject({ reason: 'provider-refused' });
});
