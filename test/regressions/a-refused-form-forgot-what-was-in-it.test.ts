// A reviewer ticked forty items, wrote why, forgot to say what was found, and was shown the page without one tick; a case lost the
// whole text of a finding that a colleague's step had overtaken; and whoever ended a leaver's access wrote the reason twice. A form
// that is refused now stands there as it was sent. One of a later page of a list came back as the first page.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { recertify } from '../../src/cli/recertify.ts';
import { join } from 'node:path';
import type { Demo } from '../../src/cli/start-demo.ts';
import { told } from '../support/backup-clinic.ts';
import { arrive, roleLines } from '../support/clinic-story.ts';
import type { CookieClient, Reply } from '../support/cookie-client.ts';
import { eventually, records, story } from '../support/demo-story.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const rules = `${roleLines}
rules:
  - { name: screens, paths: [/, /main, '/static/**'], allow: everyone }
  - { name: charts, area: ehr.chart, allow: [physician, nurse], emergency: front-desk }
  - { name: review, area: wardgate.review, allow: privacy }
  - { name: recertify, area: wardgate.recertification, allow: privacy }
  - { name: console, area: wardgate.console, allow: privacy }
`;
const alerts = 'detectors: { after-hours: off, many-patients: { moreThan: 2 } }\nreview: { deputy: dora }\n';
const clock = new ShiftingClock();
let demo: Demo;
let officer: CookieClient;

beforeAll(async () => {
  demo = await story({ rules, alerts, clock });
  const physician = await arrive(demo, 'physician', clock);
  for (const pid of [1, 2, 3]) await physician.page(`${demo.origin}/chart?pid=${pid}`);
  const desk = await arrive(demo, 'front-desk', clock);
  await desk.form(`${demo.origin}/.wardgate/emergency?return=%2Fmain`, { reason: 'Collapsed in the hall' });
  await desk.page(`${demo.origin}/chart?pid=7`);
  officer = await arrive(demo, 'security', clock);
}, 60_000);
afterAll(async () => demo.close());

const at = (path: string): string => `${demo.origin}/.wardgate/console${path}`;
const send = (path: string, fields: Record<string, string>): Promise<Reply> =>
  officer.form(at(path), fields, { 'sec-fetch-site': 'same-origin' });

/** The element with this beginning, in one line, however it stands in the page. */
const element = ({ text }: Reply, from: string): string =>
  new RegExp(`${from.replaceAll(' ', String.raw`\s+`)}[^>]*>`).exec(text)?.[0].replaceAll(/\s+/g, ' ') ?? 'none';

function expectFilled(page: Reply, ticked: string, option: string, note: string): void {
  expect(element(page, ticked)).toContain(' checked ');
  expect(element(page, `<option value="${option}"`)).toContain('selected');
  expect(element(page, '<input id="note"')).toContain(`value="${note}"`);
  expect(element(page, '<input type="checkbox" id="several"')).toContain('checked');
}

test('an item that was ticked is ticked, and the note stands', async () => {
  const prepared = async (): Promise<string | undefined> => {
    clock.forward({ minutes: 2 });
    await demo.gateway.composed.sweep();
    return (await demo.gateway.composed.state.reviews.list(10)).find(({ kind }) => kind === 'emergency')?.id;
  };
  const id = await eventually(prepared, 'the review');
  const path = `/review/certified/${id}`;
  const fresh = await officer.page(at(path));
  expect(element(fresh, '<input type="checkbox" name="item" value="1"')).not.toContain('checked');
  const filled = { item: '1', disposition: 'question', several: 'yes' };
  const refused = await send(path, { ...filled, note: ' ' });
  expect(refused.status).toBe(400);
  expectFilled(refused, '<input type="checkbox" name="item" value="1"', 'question', ' ');
  const long = await send(`${path}?from=1`, { ...filled, note: 'x'.repeat(201) });
  expectFilled(long, '<input type="checkbox" name="item" value="1"', 'question', 'x'.repeat(201));
  const later = await officer.page(at(`${path}?from=2`));
  expect(element(later, '<form method="post"')).toContain(`${id}?from=2"`);
  const done = await send(path, { ...filled, note: 'Asked the desk' });
  expect(done.status).toBe(200);
  expect(element(done, '<input type="checkbox" name="item" value="1"')).not.toContain('checked');
});

test('so does a row of who has which role', async () => {
  await told(recertify, 'start', '--because', 'Quarter', '--config', join(demo.directory, 'gateway.yaml'));
  const box = '<input type="checkbox" name="row"';
  const row = /value="(\d+)"/.exec(element(await officer.page(at('/recertification')), box))?.[1] ?? '';
  const refused = await send('/recertification', { row, decision: 'remove', note: '', several: 'yes' });
  expect(refused.status).toBe(400);
  expectFilled(refused, `${box} value="${row}"`, 'remove', '');
  const later = await officer.page(at('/recertification?from=2'));
  expect(element(later, '<form method="post"')).toContain('?from=2"');
});

test('a leaver is ended with the words that were written before', async () => {
  const shown = await officer.page(at('/people/end?person=physician'));
  const sub = /name="sub" value="([^"]+)"/.exec(shown.text)?.[1] ?? '';
  const late = { person: 'physician', sub, notice: '2999-01-01T00:00', because: 'contract "ended"' };
  const refused = await send('/people/end', late);
  expect(refused.status).toBe(409);
  expect(element(refused, '<input id="notice"')).toContain('value="2999-01-01T00:00"');
  expect(element(refused, '<input id="because"')).toContain('value="contract &quot;ended&quot;"');
});

test('what was written to a case stands in its form, or beside the forms where a colleague was faster', async () => {
  const alert = () => records(demo).find(({ event, reason }) => event === 'alert' && reason === 'many-patients');
  const { seq } = await eventually(alert, 'the alert');
  const opened = await eventually(async () => {
    const reply = await send('/review', { alerts: String(seq) });
    return reply.status === 200 && reply;
  }, 'the case');
  const id = /case\?id=([\w-]+)"/.exec(opened.text)?.[1] ?? '';
  const take = (kind: string, text: string, more = {}): Promise<Reply> => send(`/review/case?id=${id}`, { kind, text, ...more });
  const textarea = ({ text }: Reply, name: string) => new RegExp(`<textarea id="${name}"[^>]*>([^<]*)<`).exec(text)?.[1];
  const long = 'x'.repeat(2001);
  const refused = await take('finding', long);
  expect([refused.status, textarea(refused, 'text-finding'), textarea(refused, 'text-message')]).toEqual([400, long, '']);
  expect(textarea(refused, 'not-kept')).toBeUndefined();
  expect((await take('finding', `${'x'.repeat(1000)}\r\n${'y'.repeat(999)}`)).status).toBe(200);
  const unchosen = await take('disposition', 'Covering for a colleague');
  expect([unchosen.status, textarea(unchosen, 'text-disposition')]).toEqual([400, 'Covering for a colleague']);
  const disposed = await take('disposition', 'Covering', { disposition: 'justified' });
  expect(disposed.status).toBe(200);
  expect((await take('closed', 'Nothing more to do')).status).toBe(200);
  const tooLate = await take('message', 'Please come & see me');
  expect([tooLate.status, textarea(tooLate, 'not-kept')]).toEqual([409, 'Please come &amp; see me']);
});
