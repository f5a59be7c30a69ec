// With roster, schedule and addresses imported, who opens a chart that is not theirs to open is on record as an alert within two
// seconds, in words that name no patient; and what the schedule explains stays quiet.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { demoCharts, importDemoRelations } from '../../src/cli/import-demo-relations.ts';
import type { Demo } from '../../src/cli/start-demo.ts';
import { eventually, records, signIn, story } from '../support/demo-story.ts';

let demo: Demo;

beforeAll(async () => {
  demo = await story();
  await importDemoRelations(demo, Date.now());
});

afterAll(() => demo.close());

const alerts = (name: string) =>
  records(demo).filter(({ event, subject }) => event === 'alert' && (subject as { name?: string } | undefined)?.name === name);

const tokenOf = (pid: number): string => demo.gateway.composed.state.patientTokens.tokenOf(String(pid));

it("tells of one's own chart, a colleague's and a confidential patient's, each with its patient as a token", async () => {
  const nurse = await signIn(demo, 'nurse');
  const wrong = { 'own-chart': demoCharts.nurse, colleague: demoCharts.frontDesk, 'confidential-patient': demoCharts.confidential };
  for (const [reason, pid] of Object.entries(wrong)) {
    await nurse.page(`${demo.origin}/chart?pid=${pid}`);
    const alert = await eventually(() => alerts('nurse').find((one) => one['reason'] === reason), reason);
    expect(alert['patient']).toBe(tokenOf(pid));
  }
  expect(alerts('nurse').map(({ detail }) => String(detail).replace(/; .*/s, ''))).toEqual([
    'The chart is their own, by the roster',
    'The patient is a colleague of theirs, and no visit with them or their department explains it',
    'The patient is on the list of confidential patients, and nothing in the schedule explains it',
  ]);
});

it('tells of a patient at the same address, and not of one who has an appointment', async () => {
  const physician = await signIn(demo, 'physician');
  await physician.page(`${demo.origin}/chart?pid=${demoCharts.withPhysicianToday}`);
  await physician.page(`${demo.origin}/chart?pid=${demoCharts.sameHomeAsPhysician}`);
  const found = await eventually(() => (alerts('physician').length > 0 ? alerts('physician') : undefined), 'the alert');
  expect(found).toMatchObject([{ reason: 'household', patient: tokenOf(demoCharts.sameHomeAsPhysician) }]);
});

it('says of each opening whether it is explained', async () => {
  const person = { issuer: demo.provider.issuer, sub: 'physician', name: 'physician' };
  const ask = (pid: number) => ({ time: Date.now(), person, patient: tokenOf(pid) });
  const { detectors } = demo.gateway.composed;
  const [scheduled, home, nobody] = await detectors.explain([
    ask(demoCharts.withPhysicianToday),
    ask(demoCharts.sameHomeAsPhysician),
    ask(60),
  ]);
  expect(scheduled).toMatchObject({ state: 'explained', because: 'own-appointment', own: true });
  expect(scheduled?.words).toMatch(/^Appointment on \d{4}-\d\d-\d\d at 10:30 with Dr\. Paula Examplar$/);
  expect(home).toMatchObject({ state: 'suspicious', because: 'household' });
  expect(nobody).toMatchObject({ state: 'suspicious', because: 'no-relationship' });
});
