// With roster, schedule and addresses imported, who opens a chart that is not theirs to open is on record as an alert soon
// after, in words that name no patient; and what the schedule explains stays quiet.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { demoCharts, importDemoRelations } from '../../src/cli/import-demo-relations.ts';
import type { Demo } from '../../src/cli/start-demo.ts';
import { eventually, records, signIn, story } from '../support/demo-story.ts';

let demo: Demo;
/** A code from the phone counts once. */
let physician: Awaited<ReturnType<typeof signIn>>;
let officer: Awaited<ReturnType<typeof signIn>>;
/** Lines of the console's page of health, before anything was imported. */
let before: readonly string[];

beforeAll(async () => {
  demo = await story();
  officer = await signIn(demo, 'security', '/.wardgate/console');
  before = await silent();
  await importDemoRelations(demo, Date.now());
  physician = await signIn(demo, 'physician');
});

afterAll(() => demo.close());

/** Detectors that are off for want of an import. */
async function silent(): Promise<readonly string[]> {
  const { text } = await officer.page(`${demo.origin}/.wardgate/console/health`);
  const found = text.matchAll(
    /<td[^>]*>([^<]*)<\/td>\s*<td[^>]*><span class="state off">off<\/span><\/td>\s*<td[^>]*>no [^<]* was imported, so it is silent/g,
  );
  return [...found].map(([, what = '']) => what);
}

it('says on the page of health which detectors are off until it is imported', async () => {
  expect(before).toEqual(['own chart', 'colleague', 'household', 'confidential patient', 'no relationship', 'leaver']);
  expect(await silent()).toEqual([]);
});

const alerts = (name: string) =>
  records(demo).filter(({ event, subject }) => event === 'alert' && (subject as { name?: string } | undefined)?.name === name);

it("tells of one's own chart, a colleague's and a confidential patient's", async () => {
  const nurse = await signIn(demo, 'nurse');
  const wrong = {
    'own-chart': demoCharts.nurse,
    colleague: demoCharts.frontDesk,
    'confidential-patient': demoCharts.confidential,
  };
  for (const [reason, pid] of Object.entries(wrong)) {
    await nurse.page(`${demo.origin}/chart?pid=${pid}`);
    const alert = await eventually(() => alerts('nurse').find((one) => one['reason'] === reason), reason);
    expect(alert['patient']).toBe(String(pid));
  }
  expect(alerts('nurse').map(({ detail }) => String(detail).replace(/; .*/s, ''))).toEqual([
    'The chart is their own, by the roster',
    'The patient is a colleague of theirs, and no visit with them or their department explains it',
    'The patient is on the list of confidential patients, and nothing in the schedule explains it',
  ]);
});

it('tells of a patient at the same address, and not of one who has an appointment', async () => {
  await physician.page(`${demo.origin}/chart?pid=${demoCharts.withPhysicianToday}`);
  await physician.page(`${demo.origin}/chart?pid=${demoCharts.sameHomeAsPhysician}`);
  const found = await eventually(() => (alerts('physician').length > 0 ? alerts('physician') : undefined), 'the alert');
  expect(found).toMatchObject([{ reason: 'household', patient: String(demoCharts.sameHomeAsPhysician) }]);
});

it('says of each opening in the console whether it is explained', async () => {
  await physician.page(`${demo.origin}/chart?pid=60`);
  const explained = async (pid: number) => {
    const { text } = await officer.page(`${demo.origin}/.wardgate/console?patient=${pid}&person=physician`);
    return /<td[^>]*><strong>(\w+)<\/strong>: ([^<]*)<\/td>/.exec(text)?.slice(1) ?? [];
  };
  await eventually(async () => (await explained(60)).length > 0, 'the opening in the index');
  expect(await explained(demoCharts.withPhysicianToday)).toEqual([
    'explained',
    expect.stringMatching(/^Appointment on \d{4}-\d\d-\d\d at 10:30 with Dr\. Paula Examplar$/),
  ]);
  expect(await explained(demoCharts.sameHomeAsPhysician)).toEqual(['suspicious', expect.stringContaining('the same address')]);
  expect(await explained(60)).toEqual(['suspicious', expect.stringContaining('No appointment or encounter')]);
});
