// Whoever is held after an alert tries every way round it: other methods, a part of a file, a WebSocket, look-alike addresses, a
// second session. Not one byte reaches the EHR.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import { arrive, handshake, problemOf, recordsOf, roleLines, script, withoutTheEhr } from '../support/clinic-story.ts';
import { CookieClient } from '../support/cookie-client.ts';
import { eventually, story } from '../support/demo-story.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const rules = `${roleLines}
rules:
  - { name: console, area: wardgate.console, allow: privacy }
  - { name: notes, paths: [/chart/notes], methods: [GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS], allow: everyone }
  - { name: files, paths: [/files/large], allow: everyone }
  - { name: find, paths: [/finder, /main], allow: everyone, webSocket: true }
`;

type Way = (client: CookieClient, url: (path: string) => string) => Promise<{ readonly status: number }>;

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const ways: readonly (readonly [what: string, way: Way])[] = [
  ['a page', (client, url) => client.ask(url('/finder'), { headers: { accept: 'text/html', 'sec-fetch-dest': 'document' } })],
  ['a script', (client, url) => script(client, url('/finder'))],
  ['a frame', (client, url) => client.ask(url('/finder'), { headers: { accept: 'text/html', 'sec-fetch-dest': 'iframe' } })],
  ['HEAD', (client, url) => client.ask(url('/finder'), { method: 'HEAD' })],
  ['OPTIONS', (client, url) => client.ask(url('/chart/notes'), { method: 'OPTIONS' })],
  ['a form', (client, url) => client.ask(url('/chart/notes?pid=7'), { method: 'POST', body: 'note=x', headers: form })],
  ['PUT', (client, url) => client.ask(url('/chart/notes'), { method: 'PUT', body: '{}' })],
  ['the rest of a download', (client, url) => client.ask(url('/files/large'), { headers: { range: 'bytes=1000-' } })],
  ['a WebSocket', async (client, url) => ({ status: await handshake(client, url('/finder')) })],
  ['other capitals', (client, url) => client.ask(url('/Finder'))],
  ['a slash at the end', (client, url) => client.ask(url('/finder/'))],
  ['a parameter of the path', (client, url) => client.ask(url('/finder;x=1'))],
  ['a way of ours that goes up', (client, url) => client.ask(url('/.wardgate/me/%2e%2e/%2e%2e/finder'))],
  ['a name like a way of ours', (client, url) => client.ask(url('/.wardgate%2ffinder'))],
];

describe.each(['block', 'step-up'] as const)('held by %s', (kind) => {
  const clock = new ShiftingClock();
  let demo: Demo;
  let first: CookieClient;
  let second: CookieClient;
  const url = (path: string): string => demo.origin + path;

  beforeAll(async () => {
    const alerts = `detectors: { after-hours: off, two-places: off, failed-sign-ins: { attempts: 2, response: ${kind} } }\n`;
    demo = await story({ rules, clock, alerts });
    first = await arrive(demo, 'nurse', clock);
    clock.forward({ seconds: 31 });
    second = await arrive(demo, 'nurse', clock);
    const stranger = new CookieClient();
    const challenge = await stranger.page(url('/.wardgate/sign-in?login_hint=nurse&return=/main'));
    for (let tries = 0; tries < 2; tries += 1) await stranger.form(challenge.url, { code: '000000' });
    await eventually(() => recordsOf(demo, 'response').some(({ reason }) => reason === kind), 'what followed');
  }, 60_000);
  afterAll(async () => demo.close());

  test.each(ways)('%s', async (_what, way) => {
    for (const client of [first, second]) {
      const { status } = await withoutTheEhr(demo, () => way(client, url));
      expect([303, 400, 401, 403]).toContain(status);
    }
  });

  test('every reason on record is the one that is meant', async () => {
    const reason = kind === 'block' ? 'restricted' : 'second-factor-required';
    expect(problemOf(await withoutTheEhr(demo, () => script(first, url('/finder'))))).toMatchObject({ reason });
    const before = recordsOf(demo, 'attempt').length;
    await withoutTheEhr(demo, () => script(second, url('/finder')));
    expect(recordsOf(demo, 'attempt')).toHaveLength(before);
  });
});
