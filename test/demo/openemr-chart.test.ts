// The stand-in for OpenEMR once somebody is in: the patient the session carries, what PHP makes of names and paths, the
// files, and what an open window asks for by itself.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findPatient } from '../../src/demo/ehr/patients.ts';
import { documentIdsOf } from '../../src/demo/openemr/pages/documents.ts';
import { startOpenEmr } from '../../src/demo/openemr/start-open-emr.ts';
import type { OpenEmr } from '../../src/demo/openemr/start-open-emr.ts';
import { CookieClient } from './cookie-client.ts';
import { logIn } from './openemr-client.ts';

const summary = '/openemr/interface/patient_file/summary';
const demographics = `${summary}/demographics.php`;
const counter = '/openemr/library/ajax/dated_reminders_counter.php';
const report = '/openemr/interface/patient_file/report/custom_report.php';

let emr: OpenEmr;
let client: CookieClient;
let clock = Date.parse('2026-03-02T09:00:00Z');
let hold: ((target: string) => Promise<void> | void) | null = null;

beforeEach(async () => {
  hold = null;
  await restart();
});

afterEach(() => emr.close());

async function restart(options: { readonly version?: 5 | 7 } = {}): Promise<void> {
  if (options.version !== undefined) await emr.close();
  emr = await startOpenEmr({ ...options, now: () => clock, whileLocked: (target) => hold?.(target) });
  client = new CookieClient(emr.origin);
  await logIn(client, 'nurse');
}

const chosen = (): number | null => emr.sessions()[0]?.patient ?? null;
const text = async (path: string, init?: RequestInit): Promise<string> => (await client.fetch(path, init)).text();
const post = (fields: Record<string, string>): RequestInit => ({ method: 'POST', body: new URLSearchParams(fields) });

describe('the chosen patient', () => {
  it.each([
    ['set_pid=9', 9],
    ['set.pid=12', 12],
    ['set%20pid=12', 12],
    ['set+pid=12', 12],
    ['set[pid=12', 12],
    ['set%5Fpid=12', 12],
    ['%73et_pid=12', 12],
    ['+set_pid=12', 12],
    ['set_pid%00=12', 12],
    ['set_pid=5&set_pid=12', 12],
    ['set_pid=5&set.pid=12', 12],
    ['set_pid=21abc', 21],
    ['set_pid=020', 20],
    ['set_pid=%2012', 12],
    ['set_pid=1e1', 10],
    ['SET_PID=12', 3],
    ['set_pid%3D12', 3],
    ['a;set_pid=12', 3],
    ['set_pid=', null],
    ['set_pid=0', null],
    ['set_pid=abc', null],
    ['set_pid=999', 999],
  ])('of %s is %s', async (query, patient) => {
    await client.fetch(`${demographics}?set_pid=3`);
    await client.fetch(`${demographics}?${query}`);
    expect(chosen()).toBe(patient);
  });

  it.each(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('is chosen by %s', async (method) => {
    const reply = await client.fetch(`${demographics}?set_pid=9`, { method });
    expect(reply.status).toBe(200);
    expect(chosen()).toBe(9);
    if (method !== 'HEAD') expect(await reply.text()).toContain(findPatient(9)?.familyName);
  });

  it.each([
    `${summary}/demographics_full.php`,
    `${summary}/pnotes_full.php`,
    `${summary}/pnotes_full_add.php`,
    '/openemr/interface/patient_file/encounter/encounter_top.php',
    '/openemr/interface/orders/orders_results.php',
    '/openemr/library/ajax/set_pt.php',
    `${demographics}/foo/bar.css`,
    '/openemr//interface/./patient_file/x/../summary/demographics.php',
    '/openemr/interface/patient_file/summary/d%65mographics.php',
  ])('is chosen by %s', async (path) => {
    const reply = await fetchRaw(`${path}?set_pid=9`);
    expect(reply.status).toBe(200);
    expect(chosen()).toBe(9);
  });

  it.each([
    ['/openemr/interface%2Fpatient_file/summary/demographics.php', 404],
    ['/OpenEMR/interface/patient_file/summary/demographics.php', 404],
    ['/openemr/interface/patient_file/summary/Demographics.php', 404],
    ['/openemr/sites/default/documents/certificates', 403],
    ['/openemr/../../etc/passwd', 400],
  ])('is not found by %s, which is answered %i', async (path, status) => {
    expect((await fetchRaw(`${path}?set_pid=9`)).status).toBe(status);
    expect(chosen()).toBeNull();
  });

  it('is carried to the parts of the chart, and let go', async () => {
    await client.fetch(`${demographics}?set_pid=1`);
    const one = await text(`${summary}/stats.php`, post({ embeddedScreen: 'true' }));
    await client.fetch(`${demographics}?set_pid=2`);
    expect(await text(`${summary}/stats.php?pid=1`)).not.toBe(one);
    await client.fetch('/openemr/library/ajax/unset_session_ajax.php', post({ func: 'unset_pid' }));
    expect(chosen()).toBeNull();
    expect(await text(demographics)).toContain('No patient is selected');
  });

  it("is each session's own", async () => {
    const other = new CookieClient(emr.origin);
    await logIn(other, 'physician');
    await client.fetch(`${demographics}?set_pid=1`);
    await other.fetch(`${demographics}?set_pid=2`);
    expect(emr.sessions().map((one) => [one.user, one.patient])).toEqual([
      ['nurse', 1],
      ['physician', 2],
    ]);
  });

  it('is opened with everything a browser asks for then', async () => {
    const page = await text(`${demographics}?set_pid=5`);
    expect(page).toContain('/openemr/interface/patient_file/history/encounters.php');
    for (const name of ['stats', 'vitals_fragment', 'pnotes_fragment', 'labdata_fragment']) {
      expect(page).toContain(`"${name}"`);
      expect((await client.fetch(`${summary}/${name}.php`, post({ embeddedScreen: 'true' }))).status).toBe(200);
    }
    const address = /<img src="([^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect(address).toContain(`document&retrieve&patient_id=${findPatient(5)?.mrn}&document_id=-1&as_file=false`);
    const picture = await client.fetch(address);
    expect(picture.headers.get('content-disposition')).toBe('inline; filename=""');
    expect((await picture.arrayBuffer()).byteLength).toBe(0);
  });
});

describe('the session lock', () => {
  it('makes the requests of one session wait for each other, and nobody else', async () => {
    const other = new CookieClient(emr.origin);
    await logIn(other, 'physician');
    const entered: string[] = [];
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    hold = (target) => {
      entered.push(target);
      return target.includes('first') ? gate : undefined;
    };
    const first = client.fetch(`${summary}/stats.php?first`);
    await expect.poll(() => entered.length).toBe(1);
    const second = client.fetch(`${summary}/stats.php?second`);
    await expect.poll(() => emr.requests().at(-1)?.target).toContain('second');
    expect((await other.fetch(`${summary}/stats.php?other`)).status).toBe(200);
    expect(entered.map((one) => one.split('?')[1])).toEqual(['first', 'other']);
    release();
    await Promise.all([first, second]);
    expect(entered.at(-1)).toContain('second');
  });
});

describe('the finder', () => {
  const rows = '/openemr/interface/main/finder/dynamic_finder_ajax.php';

  it.each([
    ['iDisplayStart=0&iDisplayLength=10', 10],
    ['iDisplayStart=0&iDisplayLength=5000', 60],
    ['iDisplayLength=10', 60],
    ['iDisplayStart=55&iDisplayLength=10', 5],
    ['iDisplayStart=0&iDisplayLength=10&sSearch=nobody', 0],
  ])('sends for %s %i patients as JSON that is labelled as a page', async (query, count) => {
    const reply = await client.fetch(`${rows}?${query}&sEcho=7`);
    const out = (await reply.json()) as { aaData: Record<string, string>[]; sEcho: number };
    expect(reply.headers.get('content-type')).toBe('text/html; charset=UTF-8');
    expect(out.sEcho).toBe(7);
    expect(out.aaData.length).toBe(count);
    if (count > 0)
      expect(out.aaData[0]).toMatchObject({
        DT_RowId: expect.stringMatching(/^pid_\d+$/),
        '1': expect.stringMatching(/^000-00-/),
      });
  });

  it('has a page that asks for them', async () => {
    expect(await text('/openemr/interface/main/finder/dynamic_finder.php')).toContain('dynamic_finder_ajax.php?sColumns=');
  });

  it('is packed for whoever can unpack it', async () => {
    const reply = await client.fetch(`${rows}?iDisplayLength=1`, { headers: { 'accept-encoding': 'gzip' } });
    expect(reply.headers.get('content-encoding')).toBe('gzip');
    const plain = await client.fetch(`${rows}?iDisplayLength=1`, { headers: { 'accept-encoding': 'identity' } });
    expect(plain.headers.get('content-encoding')).toBeNull();
  });
});

describe('files', () => {
  it.each([
    ['', 'attachment'],
    ['&as_file=true', 'attachment'],
    ['&as_file=false', 'inline'],
  ])('are retrieved by their number alone, whoever is claimed%s: %s', async (more, disposition) => {
    const id = documentIdsOf(5)[0] ?? 0;
    const reply = await client.fetch(`/openemr/controller.php?document&retrieve&patient_id=9&document_id=${id}${more}&`);
    expect(reply.headers.get('content-type')).toBe('application/pdf');
    expect(reply.headers.get('content-disposition')).toBe(
      `${disposition}; filename="${findPatient(5)?.familyName}_Registration-form.pdf"`,
    );
    expect(await reply.text()).toContain(findPatient(5)?.mrn);
  });

  it.each([
    ['document&list&patient_id=5&', 'document&amp;view&amp;patient_id=5&amp;doc_id='],
    ['document&view&patient_id=5&doc_id=1', 'document&amp;retrieve&amp;patient_id=5'],
    ['document&upload&patient_id=5', 'multipart/form-data'],
  ])('are reached by %s', async (query, told) => {
    expect(await text(`/openemr/controller.php?${query}`)).toContain(told);
  });

  it('do not come where the first two names stand the other way round', async () => {
    expect(await text('/openemr/controller.php?retrieve&document&patient_id=5&document_id=1')).toBe('');
  });

  it.each([
    [{}, 'text/html; charset=UTF-8', null],
    [{ form_refresh: 'true' }, 'text/html; charset=UTF-8', null],
    [{ form_csvexport: '0' }, 'text/html; charset=UTF-8', null],
    [{ form_csvexport: 'true' }, 'application/force-download', 'attachment; filename=patient_list.csv'],
  ])('hide behind the address of the view: %o', async (fields, type, disposition) => {
    const reply = await client.fetch('/openemr/interface/reports/patient_list.php', post(fields));
    expect(reply.headers.get('content-type')).toBe(type);
    expect(reply.headers.get('content-disposition')).toBe(disposition);
    if (disposition !== null) expect((await reply.text()).split('\r\n').length).toBe(62);
  });

  it.each([
    ['?pid=12', { pdf: '1', pid: '13' }],
    ['?set_pid=12', { pdf: '1' }],
  ])('of the report are of the chosen patient, not of %s and %o', async (query, fields) => {
    await client.fetch(`${demographics}?set_pid=8`);
    const reply = await client.fetch(report + query, post(fields));
    const patient = findPatient(8);
    const name = `${patient?.givenName}_${patient?.familyName}_8_report.pdf`.toLowerCase();
    expect(reply.headers.get('content-disposition')).toBe(`attachment; filename="${name}"`);
    expect(reply.headers.get('cache-control')).toBe('public');
    expect(await reply.text()).toContain(patient?.mrn);
    expect((await client.fetch(report, post({ pdf: '0' }))).headers.get('content-disposition')).toBeNull();
  });

  it('hold everything: the backup', async () => {
    const reply = await client.fetch('/openemr/interface/main/backup.php', post({ form_step: '104' }));
    expect(reply.headers.get('content-disposition')).toBe('attachment; filename=emr_backup.tar');
    expect(await reply.text()).toContain(findPatient(60)?.mrn);
  });
});

describe('what a window asks for by itself', () => {
  const passive = { method: 'POST', body: new URLSearchParams({ skip_timeout_reset: '1' }) };
  const asForm = (): RequestInit => {
    const body = new FormData();
    body.append('skip_timeout_reset', '1');
    return { method: 'POST', body };
  };

  it.each([
    [counter, passive, '{"reminderText":2}'],
    [counter, asForm(), '{"reminderText":2}'],
    ['/openemr/library/ajax/execute_background_services.php', passive, ''],
    ['/openemr/interface/main/dated_reminders/dated_reminders.php', passive, '2 reminders are due'],
  ])('%s does not count as activity', async (path, init, told) => {
    const before = emr.sessions()[0]?.lastUpdate;
    clock += 1000;
    expect(await text(path, init)).toContain(told);
    expect(emr.sessions()[0]?.lastUpdate).toBe(before);
  });

  it('is also a navigation without any marker, which does not count either', async () => {
    const before = emr.sessions()[0]?.lastUpdate;
    clock += 1000;
    expect(await text('/openemr/interface/main/tabs/timeout_iframe.php')).toContain('location.reload()');
    expect(emr.sessions()[0]?.lastUpdate).toBe(before);
  });

  it('is also the flow board, which has no marker and counts', async () => {
    const before = emr.sessions()[0]?.lastUpdate;
    clock += 1000;
    await client.fetch('/openemr/interface/patient_tracker/patient_tracker.php', post({ flb_table: '1' }));
    expect(emr.sessions()[0]?.lastUpdate).not.toBe(before);
  });

  it('is told by JSON that the session has expired, and the session stays', async () => {
    emr.expireSessions();
    expect(JSON.parse(await text(counter, passive))).toEqual({ timeoutMessage: 'timeout' });
    expect(JSON.parse(await text(counter, asForm()))).toEqual({ timeoutMessage: 'timeout' });
    expect(emr.sessions().length).toBe(1);
  });

  it('is told a number in brackets by version 5, whatever the time', async () => {
    await restart({ version: 5 });
    expect(await text(counter, passive)).toBe('(2)');
    emr.expireSessions();
    expect(await text(counter, passive)).toBe('(2)');
  });

  it.each([5, 7] as const)('opens charts by its marker after the time is over, in version %i', async (version) => {
    await restart({ version });
    emr.expireSessions();
    expect(await text(`${demographics}?set_pid=5&skip_timeout_reset=1`)).toContain(findPatient(5)?.familyName);
    expect(await text(`${demographics}?set_pid=5&skip_timeout_reset=0`)).toContain('w.top.timed_out = true;');
  });
});

/** A target that `URL` would tidy up first. */
async function fetchRaw(target: string): Promise<{ readonly status: number }> {
  const { request } = await import('node:http');
  return new Promise((resolve, reject) => {
    const headers = { cookie: `OpenEMR=${client.cookie('OpenEMR')}` };
    const asking = request(emr.origin, { path: target, headers }, (response) => {
      response.resume();
      response.on('end', () => resolve({ status: response.statusCode ?? 0 }));
    });
    asking.on('error', reject);
    asking.end();
  });
}
