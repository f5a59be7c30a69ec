// Patients in OpenEMR behind the gateway: found, opened, printed and exported, each time on record as whom OpenEMR itself
// shows, and never one person's patient in another's session.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { personKey } from '../../src/core/downloads/person-key.ts';
import type { BudgetState } from '../../src/core/downloads/budget-state.ts';
import { findPatient } from '../../src/demo/ehr/patients.ts';
import { problemOf, script } from '../support/clinic-story.ts';
import type { Ask, Reply } from '../support/cookie-client.ts';
import { eventually } from '../support/demo-story.ts';
import type { HearingClient } from '../support/hearing-client.ts';
import { CHART, openEmrClinic } from '../support/openemr-clinic.ts';
import type { OpenEmrClinic } from '../support/openemr-clinic.ts';

const FINDER = '/interface/main/finder/dynamic_finder_ajax.php';
const REPORT = '/interface/patient_file/report/custom_report.php';
const LIST = '/interface/reports/patient_list.php';
const STATS = '/interface/patient_file/summary/stats.php';
const PICTURE =
  '/controller.php?document&retrieve&patient_id=MB-10185&document_id=-1&as_file=false&original_file=true&disable_exit=false&show_original=true&context=patient_picture';

const frame = { 'sec-fetch-dest': 'iframe' };

const form = (fields: Readonly<Record<string, string>>): Ask => ({
  method: 'POST',
  body: new URLSearchParams(fields).toString(),
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
});

const family = (pid: number): string => findPatient(pid)?.familyName ?? 'nobody';

describe.each([
  [7, 'openemr'],
  [5, 'openemr-5'],
  [5, 'openemr'],
] as const)('OpenEMR %i behind the preset %s', (version, preset) => {
  let house: OpenEmrClinic;
  let physician: HearingClient;
  let nurse: HearingClient;
  let keeper: HearingClient;

  beforeAll(async () => {
    house = await openEmrClinic({ version, preset });
    for (const name of ['physician', 'nurse', 'records']) house.importPassword(name, `meadow-${name}`);
    ({ client: physician } = await house.enter('physician'));
    ({ client: nurse } = await house.enter('nurse'));
    ({ client: keeper } = await house.enter('records'));
  });
  afterAll(async () => house.close());

  const open = (client: HearingClient, pid: number): Promise<Reply> => client.page(house.url(`${CHART}?set_pid=${pid}`), frame);
  const post = (client: HearingClient, path: string, fields: Readonly<Record<string, string>> = {}): Promise<Reply> =>
    script(client, house.url(path), form(fields));
  const get = (client: HearingClient, path: string): Promise<Reply> => script(client, house.url(path));

  const budgetOf = async (name: string): Promise<BudgetState> => {
    const { budgets } = house.gateway().composed.state;
    return (await budgets.account(personKey({ issuer: house.place.provider.issuer, sub: name }))).state;
  };

  /** The last record of this kind about an address that begins so. */
  const lastRecord = (event: string, path: string): Promise<Record<string, unknown>> =>
    eventually(
      () => house.records().findLast((one) => one['event'] === event && String(one['target']).startsWith(`/openemr${path}`)),
      `the ${event} of ${path}`,
    );

  const chartsOpened = (name: string): unknown[] =>
    house
      .records()
      .filter((one) => one['event'] === 'chart-opened' && (one['subject'] as { name: string }).name === name)
      .map((one) => one['patient']);

  test('the finder gives its rows as OpenEMR wrote them, byte for byte, though they are JSON called HTML (case 16)', async () => {
    const path = `${FINDER}?sColumns=name,ss,DOB,pubpid&iDisplayStart=0&iDisplayLength=60&sEcho=1&sSearch=test`;
    const reply = await get(nurse, path);
    const cookie = `OpenEMR=${house.emr.sessions().find((one) => one.user === 'nurse')?.id}`;
    const direct = await fetch(`${house.emr.origin}/openemr${path}`, { headers: { cookie } });
    expect(reply.body.equals(Buffer.from(await direct.arrayBuffer()))).toBe(true);
    expect(reply.headers['content-type']).toBe(direct.headers.get('content-type'));
    expect((JSON.parse(reply.text) as { aaData: unknown[] }).aaData.length).toBeGreaterThan(3);
    expect(await lastRecord('attempt', FINDER)).toMatchObject({
      rule: 'find',
      category: 'demographics',
      target: expect.stringContaining('iDisplayLength=60'),
    });
  });

  test('opening a chart chooses its patient; what follows carries it, and one record says that it was opened', async () => {
    expect((await open(nurse, 5)).text).toContain(family(5));
    const fragments = [
      'stats',
      'disc_fragment',
      'pnotes_fragment',
      'vitals_fragment',
      'labdata_fragment',
      'clinical_reminders_fragment',
    ];
    const replies = await Promise.all([
      nurse.page(house.url('/interface/patient_file/history/encounters.php'), frame),
      ...fragments.map((name) => post(nurse, `/interface/patient_file/summary/${name}.php`, { embeddedScreen: 'true' })),
    ]);
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200));
    expect(await lastRecord('attempt', CHART)).toMatchObject({ patient: '5', patientSource: 'query', rule: 'desk' });
    expect(await lastRecord('attempt', STATS)).toMatchObject({ patient: '5', patientSource: 'session', rule: 'charts' });
    await eventually(() => chartsOpened('nurse').length === 1, 'the record of the opening');
    expect((await open(nurse, 12)).text).toContain(family(12));
    await eventually(() => chartsOpened('nurse').length === 2, 'the second opening');
    expect(chartsOpened('nurse')).toEqual(['5', '12']);
  });

  test('the picture of the summary page is empty, and counts as nothing (case 13)', async () => {
    await open(nurse, 5);
    const before = await budgetOf('nurse');
    const reply = await get(nurse, PICTURE);
    expect({ status: reply.status, bytes: reply.body.length }).toEqual({ status: 200, bytes: 0 });
    expect(reply.headers['content-disposition']).toBe('inline; filename=""');
    expect((await budgetOf('nurse')).files).toEqual(before.files);
    expect(house.emr.requests().at(-1)?.target).toBe(`/openemr${PICTURE}`);
  });

  test('a report is of the patient chosen before, whatever number stands beside it (case 6)', async () => {
    await open(physician, 5);
    const reply = await post(physician, `${REPORT}?pid=12`, { pid: '13', pdf: '0' });
    expect(reply.text).toContain(family(5));
    expect(await lastRecord('attempt', REPORT)).toMatchObject({ patient: '5', patientSource: 'session', rule: 'copies' });
  });

  test('the same address gives a file, which is counted, and refused to whoever may not export (case 14)', async () => {
    await open(keeper, 5);
    const before = await budgetOf('records');
    const taken = await post(keeper, REPORT, { pdf: '1' });
    expect(taken.body.subarray(0, 5).toString()).toBe('%PDF-');
    expect(taken.headers['cache-control']).toContain('no-store');
    await open(physician, 5);
    const refused = await post(physician, REPORT, { pdf: '1' });
    expect({ status: refused.status, reason: problemOf(refused)['reason'] }).toEqual({
      status: 403,
      reason: 'export-not-permitted',
    });
    expect(refused.text).not.toContain(family(5));

    expect((await post(physician, LIST, { form_refresh: 'true' })).text).toContain(family(60));
    const csv = await post(keeper, LIST, { form_csvexport: 'true' });
    expect(csv.headers['content-disposition']).toBe('attachment; filename=patient_list.csv');
    expect(csv.text).toContain(family(60));
    const none = await post(physician, LIST, { form_csvexport: 'true' });
    expect({ status: none.status, reason: problemOf(none)['reason'] }).toEqual({ status: 403, reason: 'export-not-permitted' });
    expect(none.text).not.toContain(family(60));
    const after = await budgetOf('records');
    expect(after.files.length - before.files.length).toBe(2);
    expect((await budgetOf('physician')).files).toEqual([]);
    expect(await lastRecord('outcome', LIST)).toMatchObject({ subject: { name: 'physician' }, reason: 'export-not-permitted' });
  });

  test('a document is on record under the patient that the request claims, and says so', async () => {
    await open(nurse, 5);
    const list = await nurse.page(house.url('/controller.php?document&list&patient_id=5&'), frame);
    const id = /doc_id=(\d+)/.exec(list.text)?.[1] ?? '';
    const target = `/controller.php?document&retrieve&patient_id=9&document_id=${id}&as_file=false`;
    const reply = await nurse.page(house.url(target), frame);
    expect(reply.headers['content-disposition']).toContain(family(5));
    expect(await lastRecord('attempt', '/controller.php')).toMatchObject({
      patient: '9',
      patientSource: 'query',
      category: 'documents',
    });
  });

  test('the query arrives as it was sent, to the byte (case 17)', async () => {
    const target = '/controller.php?document&list&patient_id=5&&a[]=1&b=%2B%c3%A4&c&';
    expect((await nurse.page(house.url(target), frame)).status).toBe(200);
    expect(house.emr.requests().at(-1)?.target).toBe(`/openemr${target}`);
    const retrieve = '/controller.php?document&retrieve&patient_id=5&document_id=1&as_file=false&&a[]=1';
    await nurse.page(house.url(retrieve), frame);
    expect(house.emr.requests().at(-1)?.target).toBe(`/openemr${retrieve}`);
  });

  test.each([
    ['set.pid=12', '12'],
    ['set%20pid=12', '12'],
    ['%73et_pid=12', '12'],
    ['set_pid=5&set_pid=12', null],
    ['set_pid=21abc', null],
    ['set_pid=020', null],
    ['set_pid%00=12', null],
    ['set[pid=12', null],
  ])('%s chooses whom OpenEMR would choose, or is refused (case 5)', async (query, chosen) => {
    await open(nurse, 7);
    const before = house.emr.requests().length;
    const reply = await get(nurse, `${CHART}?${query}`);
    const theirs = house.emr.sessions().find((one) => one.user === 'nurse');
    if (reply.status === 200) {
      expect(theirs?.patient).toBe(Number((await lastRecord('attempt', CHART))['patient']));
      expect(String(theirs?.patient)).toBe(chosen ?? '12');
    } else {
      expect(chosen).toBeNull();
      expect(reply.status).toBe(400);
      expect(house.emr.seenSince(before)).toEqual([]);
      expect(theirs?.patient).toBe(7);
    }
  });

  test('two people at once see their own patients, however their requests fall together (case 22)', async () => {
    expect(new Set(house.emr.sessions().map(({ id }) => id)).size).toBe(house.emr.sessions().length);
    for (let round = 0; round < 8; round += 1) {
      const [one, other] = [10 + round, 30 + round];
      await Promise.all([open(physician, one), open(nurse, other)]);
      const asks = [physician, nurse].flatMap((client) => [
        get(client, '/interface/patient_file/history/encounters.php'),
        post(client, '/interface/patient_file/summary/disc_fragment.php'),
        post(client, '/interface/patient_file/summary/pnotes_fragment.php'),
      ]);
      const texts = (await Promise.all(asks)).map(({ text }) => text);
      for (const text of texts.slice(0, 3)) expect(text).toContain(family(one));
      for (const text of texts.slice(3)) expect(text).toContain(family(other));
    }
    const carried = house
      .records()
      .filter((one) => one['event'] === 'attempt' && String(one['target']).includes('pnotes_fragment'));
    const of = (name: string): unknown[] =>
      carried.filter((one) => (one['subject'] as { name: string }).name === name).map((one) => one['patient']);
    expect(of('physician').slice(-8)).toEqual(['10', '11', '12', '13', '14', '15', '16', '17']);
    expect(of('nurse').slice(-8)).toEqual(['30', '31', '32', '33', '34', '35', '36', '37']);
  });

  test('one person in two browsers has two sessions of OpenEMR, each with its own patient (case 22)', async () => {
    const { client: second } = await house.enter('nurse');
    await Promise.all([open(nurse, 21), open(second, 22)]);
    const [one, other] = await Promise.all([
      get(nurse, '/interface/patient_file/history/encounters.php'),
      get(second, '/interface/patient_file/history/encounters.php'),
    ]);
    expect(one.text).toContain(family(21));
    expect(other.text).toContain(family(22));
    const theirs = house.emr.sessions().filter(({ user }) => user === 'nurse');
    expect(new Set(theirs.map(({ patient }) => patient))).toEqual(new Set([21, 22]));
  });
});
