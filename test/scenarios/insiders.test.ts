// Insiders as a clinic has them, in the demo: each is told of within moments, with why in words, and one click ends the session
// while a download runs. Looking up a colleague needs the roster, which has a story of its own.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import { arrive, recordsOf, roleLines, script, withoutTheEhr } from '../support/clinic-story.ts';
import { eventually, signIn, story } from '../support/demo-story.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';
import { cameWhole, unreadDownload } from '../support/unread-download.ts';

const rules = `${roleLines}
rules:
  - { name: console, area: wardgate.console, allow: privacy }
  - { name: charts, paths: [/chart], allow: everyone, patient: query.pid }
  - { name: files, paths: [/files/large], allow: everyone }
  - { name: find, paths: [/finder, /main], allow: everyone }
downloads: { everyone: { files: unlimited, size: unlimited, patients: unlimited, then: refuse } }
`;
const responses = '/.wardgate/console/review/responses';

const clock = new ShiftingClock();
let demo: Demo;
beforeAll(async () => {
  // Open for half an hour that is twelve hours away: whatever the time is, it is night.
  const hour = Number(new Intl.DateTimeFormat('en-GB', { timeZone: 'America/Chicago', hour: '2-digit' }).format(Date.now()));
  const open = String((hour + 12) % 24).padStart(2, '0');
  const rewriteGateway = (yaml: string): string =>
    yaml
      .replace('Mon-Fri 07:00-19:00', `Mon-Sun ${open}:00-${open}:30`)
      .replace('health: { port: 0 } }', 'health: { port: 0 }, tlsEndedBy: [127.0.0.0/8, "::1/128"] }');
  demo = await story({ rules, clock, rewriteGateway, alerts: 'detectors: { large-transfer: { atLeast: 1MB } }\n' });
});
afterAll(() => demo.close());

const url = (path: string): string => demo.origin + path;
const alertOf = (name: string, detector: string) =>
  eventually(
    () =>
      recordsOf(demo, 'alert').find(
        ({ reason, subject }) => reason === detector && (subject as { readonly name: string } | undefined)?.name === name,
      ),
    `the alert ${detector}`,
  );

test('a nurse who walks thirty charts at night is told of twice, and one click ends the session while a download runs', async () => {
  const nurse = await signIn(demo, 'nurse');
  for (let pid = 1; pid <= 30; pid += 1) await nurse.page(url(`/chart?pid=${pid}`));
  expect((await alertOf('nurse', 'after-hours'))['detail']).toMatch(/chart.*; seen at record \d+$/i);
  const walked = await alertOf('nurse', 'many-patients');
  expect(walked['detail']).toMatch(/^21 patients' charts opened within one hour/);
  const running = await unreadDownload(nurse, demo.origin);

  const officer = await signIn(demo, 'security', '/finder');
  const sequence = String(walked['seq']);
  const shown = async () => (await officer.page(url(responses))).text;
  // The page reads the search index, which is a moment behind the record.
  await expect.poll(shown, { timeout: 10_000 }).toContain(`name="end" value="${sequence}"`);
  expect(await shown()).toMatch(/21 patients' charts opened|21 patients&#39; charts opened/);
  expect(await shown()).toContain('requests running: 1');

  const ended = await officer.form(url(responses), { end: sequence });
  expect([ended.status, ended.text.includes('Their sessions have ended')]).toEqual([200, true]);
  expect(await cameWhole(running)).toBe(false);
  const after = await withoutTheEhr(demo, () => script(nurse, url('/chart?pid=31')));
  expect(after.status).toBe(401);
  expect(recordsOf(demo, 'order').at(-1)).toMatchObject({
    subject: { name: 'nurse' },
    detail: `"session end" in the console by "security", because: the alert at record ${sequence}`,
  });
  expect((await officer.form(url(responses), { end: sequence })).status).toBe(409);
  expect((await officer.form(url(responses), { end: 'x' })).status).toBe(409);
});

test('a clerk who exports is told of', async () => {
  const clerk = await signIn(demo, 'billing');
  await clerk.page(url('/files/large?megabytes=3'));
  expect((await alertOf('billing', 'large-transfer'))['detail']).toMatch(/MB.*; seen at record \d+$/);
});

test('an account that is used from two desks is told of', async () => {
  const here = await arrive(demo, 'physician', clock);
  clock.forward({ seconds: 31 });
  const there = await arrive(demo, 'physician', clock);
  for (let turn = 0; turn < 3; turn += 1) {
    await here.page(url('/finder'), { 'x-forwarded-for': '10.20.5.7' });
    await there.page(url('/finder'), { 'x-forwarded-for': '10.20.5.8' });
  }
  expect((await alertOf('physician', 'two-places'))['detail']).toMatch(
    /^Two sessions of theirs .* from .*10\.20\.5\.7 and 10\.20\.5\.8;/,
  );
});
