// An alert asks its person: a notice, two taps, and the answer stands on the case's page; the reviewer writes back and the person
// answers again. Nobody else sees or answers it, nothing of it reaches the EHR, and no word of it stands in the record.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { importDemoPatients } from '../../src/cli/import-demo-patients.ts';
import { demoCharts, importDemoRelations } from '../../src/cli/import-demo-relations.ts';
import type { Demo } from '../../src/cli/start-demo.ts';
import { patients } from '../../src/demo/ehr/patients.ts';
import { arrive, recordsOf, roleLines, script, withoutTheEhr } from '../support/clinic-story.ts';
import { CookieClient } from '../support/cookie-client.ts';
import type { Reply } from '../support/cookie-client.ts';
import { eventually, records, story } from '../support/demo-story.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const rules = `${roleLines}
rules:
  - { name: screens, paths: [/, /main, '/static/**'], allow: everyone }
  - { name: charts, area: ehr.chart, allow: [physician, nurse] }
  - { name: review, area: wardgate.review, allow: privacy }
  - { name: console, area: wardgate.console, allow: privacy }
`;
const alerts = `detectors: { after-hours: off, own-chart: { response: [note, ask] }, household: { response: [note, ask] }, many-patients: { moreThan: 11, response: [note, ask] } }\n`;

const clock = new ShiftingClock();
const patientName = patients[demoCharts.nurse - 1]?.familyName ?? '';
const question = '/.wardgate/question';
const review = '/.wardgate/console/review';
let demo: Demo;
let officer: CookieClient;
let nurse: CookieClient;
let physician: CookieClient;
let id = '';
let others = '';

const url = (path: string): string => demo.origin + path;
const steps = (kind: string) => recordsOf(demo, 'case-step').filter(({ reason }) => reason === kind);
const show = (client: CookieClient, headers: Record<string, string> = {}): Promise<Reply> =>
  client.ask(url(question), { headers: { ...navigation, accept: 'text/html', ...headers } });
const caseIn = (page: string): string => /name="case" value="([\w-]+)"/.exec(page)?.[1] ?? '';
const noticeOf = async (client: CookieClient): Promise<unknown> =>
  (JSON.parse((await script(client, url('/.wardgate/activity'))).text) as { notice: unknown }).notice;

const navigation = { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };

function send(client: CookieClient, path: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
  const type = { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html', origin: demo.origin };
  const body = new URLSearchParams(fields).toString();
  return client.ask(url(path), { method: 'POST', body, headers: { ...navigation, ...type, ...headers } });
}
const say = (client: CookieClient, fields: Record<string, string>) => send(client, question, { case: id, ...fields });
const take = (kind: string, text: string) => send(officer, `${review}/case?id=${id}`, { kind, text });

beforeAll(async () => {
  demo = await story({ rules, alerts, clock });
  await importDemoPatients(demo);
  await importDemoRelations(demo, clock.now());
  nurse = await arrive(demo, 'nurse', clock);
  expect(await noticeOf(nurse)).toBeNull();
  physician = await arrive(demo, 'physician', clock);
  await nurse.page(url(`/chart?pid=${demoCharts.nurse}`));
  await physician.page(url(`/chart?pid=${demoCharts.sameHomeAsPhysician}`));
  await eventually(() => recordsOf(demo, 'response').length === 2, 'the responses');
  officer = await arrive(demo, 'security', clock);
}, 60_000);
afterAll(async () => demo.close());

test('an alert opens a case by the gateway and asks its person, once, and the record says so without the words', () => {
  expect(recordsOf(demo, 'response').map(({ reason, detail }) => [reason, String(detail).replace(/\d+|case .*/g, '')])).toEqual(
    Array.from({ length: 2 }, () => ['ask', 'To the alert at record : the person is asked, in ']),
  );
  expect(steps('opened').length).toBe(2);
  const asked = steps('question');
  expect(asked.map(({ decision, subject }) => [decision, subject])).toEqual([
    ['allowed', undefined],
    ['allowed', undefined],
  ]);
});

test('the notice names no patient, and the page names them to their person alone', async () => {
  expect(await noticeOf(nurse)).toBe('question');
  const page = await withoutTheEhr(demo, () => show(nurse));
  expect(page.status).toBe(200);
  id = caseIn(page.text);
  expect(page.text).toMatch(/You opened the chart of \w+/);
  expect(page.text).toContain(patientName);
  expect(page.text).toContain('What was it for?');
  expect(page.text).toContain('Direct care of the patient');
  expect(page.text.match(/name="case"/g)).toHaveLength(1);
  expect(steps('question-seen')).toHaveLength(1);
  await show(nurse);
  expect(steps('question-seen')).toHaveLength(1);
  expect((await show(nurse, { 'accept-language': 'es' })).text).toContain('Atención directa del paciente');
  const sessions = await nurse.ask(url('/.wardgate/sessions'), { headers: { ...navigation, accept: 'text/html' } });
  expect(sessions.text).toContain('A reviewer has a question for you.');
  // What else was noticed about them, and what followed, is for the reviewer to tell.
  expect(sessions.text).not.toMatch(/response|own-chart/);
});

test('a script of the EHR does not read it, a form from elsewhere changes nothing, and whoever is signed out sees nothing', async () => {
  expect((await script(nurse, url(question))).status).toBe(403);
  const before = recordsOf(demo, 'case-step').length;
  expect((await send(nurse, question, { case: id, reason: 'care' }, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  const stranger = await new CookieClient().ask(url(question), { headers: { ...navigation, accept: 'text/html' } });
  expect(stranger.text).not.toContain('chart');
  expect(recordsOf(demo, 'case-step').length).toBe(before);
});

test('nobody sees or answers another’s question, not by its number either, and both are told alike', async () => {
  const theirs = await show(physician);
  others = caseIn(theirs.text);
  expect(others).not.toBe(id);
  expect(theirs.text).not.toContain(id);
  const wrong = await withoutTheEhr(demo, () => say(physician, { reason: 'care' }));
  const guessed = await send(physician, question, { case: 'no-such-case', reason: 'care' });
  expect([wrong.status, guessed.status]).toEqual([404, 404]);
  const bare = (reply: Reply) => reply.text;
  expect(bare(wrong)).toBe(bare(guessed));
  expect((await say(officer, { does: 'later' })).status).toBe(404);
  expect(steps('answer')).toMatchObject([
    { decision: 'refused', subject: { name: 'physician' } },
    { decision: 'refused', subject: { name: 'physician' } },
  ]);
});

test('what is empty or too long is not sent', async () => {
  expect((await say(nurse, { text: ' ' })).status).toBe(400);
  expect((await say(nurse, { reason: 'made-up' })).text).toContain('Choose a reason or write something.');
  expect((await say(nurse, { text: 'x'.repeat(2001) })).text).toContain('at most 2000 characters');
});

test('it is put off three times and no later than the end of the next working day; the EHR is never in its way', async () => {
  for (const times of [1, 2, 3]) {
    const later = await say(nurse, { does: 'later' });
    expect([later.status, later.text.includes('You will be reminded again later.')]).toEqual([200, true]);
    expect(await noticeOf(nurse)).toBeNull();
    expect(steps('question-postponed').filter(({ decision }) => decision === 'allowed')).toHaveLength(times);
  }
  expect((await show(nurse)).text).not.toContain('value="later"');
  expect((await say(nurse, { does: 'later' })).status).toBe(409);
  expect((await nurse.page(url('/chart?pid=1'))).status).toBe(200);
});

test('another session of the same person has it too, two taps answer it, and the answer stands on the case’s page', async () => {
  clock.forward({ hours: 5 });
  const second = await arrive(demo, 'nurse', clock);
  expect(await noticeOf(second)).toBe('question');
  const answered = await withoutTheEhr(demo, () => say(second, { reason: 'cover', text: 'For Ana, John Doe was waiting' }));
  expect(answered.text).toContain('What you wrote is with the reviewers');
  expect(await noticeOf(second)).toBeNull();
  nurse = second;
  officer = await arrive(demo, 'security', clock);
  const page = await officer.page(url(`${review}/case?id=${id}`));
  expect(page.text).toContain('Cover for a colleague. For Ana, John Doe was waiting');
  expect((await show(nurse, { 'accept-language': 'es' })).text).toContain('Sustitución de un compañero. For Ana');
});

test('the reviewer writes back, and the person answers again', async () => {
  expect((await take('message', 'Which shift was that?')).status).toBe(200);
  expect(await noticeOf(nurse)).toBe('message');
  expect((await show(nurse)).text).toContain('Which shift was that?');
  expect(await noticeOf(nurse)).toBeNull();
  expect((await say(nurse, { text: 'The early one <b>' })).status).toBe(200);
  expect((await officer.page(url(`${review}/case?id=${id}`))).text).toContain('The early one &lt;b&gt;');
});

test('what the reviewer withholds shows nothing any more, and takes no answer', async () => {
  expect((await send(officer, `${review}/case?id=${others}`, { kind: 'question-withheld' })).status).toBe(200);
  const doctor = await arrive(demo, 'physician', clock);
  expect(await noticeOf(doctor)).toBeNull();
  expect((await show(doctor)).text).toContain('Nothing is asked of you.');
  expect((await send(doctor, question, { case: others, reason: 'care' })).status).toBe(409);
});

test('who opened the charts of many is told whose, the first of them by name, and how many more', async () => {
  clock.forward({ minutes: 1 });
  const doctor = await arrive(demo, 'physician', clock);
  for (let pid = 2; pid <= 19; pid += 1) await doctor.page(url(`/chart?pid=${pid}`));
  await eventually(() => steps('question').length === 3, 'the question about many');
  await eventually(async () => (await show(doctor)).text.includes('Charts that you opened from'), 'the charts in the search');
  const page = (await show(doctor)).text;
  const [list = ''] = /Charts that you opened from[^]*?<\/ul>/.exec(page) ?? [];
  expect(list.match(/<li>/g)).toHaveLength(11);
  expect(list).toContain(patients[1]?.familyName);
  expect(list).toMatch(/and \d+ more/);
  expect((await show(doctor, { 'accept-language': 'es' })).text).toMatch(/Historias que abrió de [^]*y \d+ más/);
  expect((await show(nurse)).text).not.toContain('Charts that you opened');
});

test('no word of it is on record', () => {
  expect(JSON.stringify(records(demo))).not.toMatch(/Cover for|Ana|John Doe|Which shift|early one|What was it for/);
});
