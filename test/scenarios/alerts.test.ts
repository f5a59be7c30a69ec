// What looks wrong is on record as an alert within moments, and the console shows it.

import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import { CookieClient } from '../support/cookie-client.ts';
import { eventually, records, signIn, story } from '../support/demo-story.ts';

let demo: Demo;

beforeAll(async () => {
  demo = await story();
});

afterAll(() => demo.close());

it('tells of somebody whose second factor is tried again and again, in words', async () => {
  const client = new CookieClient();
  const challenge = await client.page(`${demo.origin}/.wardgate/sign-in?login_hint=nurse&return=/main`);
  for (let tries = 0; tries < 5; tries += 1) await client.form(challenge.url, { code: '000000' });
  const alert = await eventually(
    () => records(demo).find(({ event, reason }) => event === 'alert' && reason === 'failed-sign-ins'),
    'the alert',
  );
  expect(alert).toMatchObject({ subject: { name: 'nurse' } });
  expect(alert['detail']).toMatch(/^5 attempts to sign in or unlock failed within 15 minutes; seen at record \d+$/);

  const officer = await signIn(demo, 'security', '/.wardgate/console?show=alerts');
  const page = await officer.page(`${demo.origin}/.wardgate/console?show=alerts`);
  expect(page.text).toContain('failed-sign-ins');
  expect(page.text).toContain('5 attempts to sign in or unlock failed');
});

it('tells of more charts within an hour than anybody opens, without naming one of them', async () => {
  const physician = await signIn(demo, 'physician');
  for (let pid = 1; pid <= 25; pid += 1) await physician.page(`${demo.origin}/chart?pid=${pid}`);
  const alert = await eventually(
    () => records(demo).find(({ event, reason }) => event === 'alert' && reason === 'many-patients'),
    'the alert',
  );
  expect(alert).toMatchObject({ subject: { name: 'physician' } });
  expect(alert).not.toHaveProperty('patient');
  expect(alert['detail']).toMatch(/^21 patients' charts opened within one hour; too little is known of their usual hours;/);

  // Nobody is warned by their own page that somebody will look at them.
  const own = await physician.page(`${demo.origin}/.wardgate/sessions`);
  expect(own.text).toContain('/chart');
  expect(own.text).not.toMatch(/many-patients|alert/);
});
