// What strangers to the rules ask of OpenEMR: the same page by another spelling, another method or another door. Everything
// here is refused before OpenEMR hears of it, or arrives as what it was judged to be.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { problemOf, script } from '../support/clinic-story.ts';
import { eventually } from '../support/demo-story.ts';
import type { HearingClient } from '../support/hearing-client.ts';
import { CHART, openEmrClinic } from '../support/openemr-clinic.ts';
import type { OpenEmrClinic } from '../support/openemr-clinic.ts';
import { RawConnection } from '../support/raw-connection.ts';

let house: OpenEmrClinic;
let nurse: HearingClient;
let desk: HearingClient;

beforeAll(async () => {
  house = await openEmrClinic();
  for (const name of ['nurse', 'front-desk']) house.importPassword(name, `meadow-${name}`);
  ({ client: nurse } = await house.enter('nurse'));
  ({ client: desk } = await house.enter('front-desk'));
});
afterAll(async () => house.close());

/** The status of a request line that no library would send as it is, and what OpenEMR saw meanwhile. */
async function askRaw(client: HearingClient, line: string, ...more: readonly string[]) {
  const before = house.emr.requests().length;
  const connection = await RawConnection.open(house.place.port);
  const host = `localhost:${house.place.port}`;
  const head = [`${line} HTTP/1.1`, `Host: ${host}`, `Cookie: ${client.cookieHeader(house.place.origin)}`, ...more, '', ''];
  const { status } = await connection.send(head.join('\r\n')).answered(1, line.split(' ', 1)[0] ?? '');
  await connection.close();
  return { status, seen: house.emr.seenSince(before) };
}

test.each([
  ['1', 'GET /openemr/public/..%2finterface/usergroup/usergroup_admin.php'],
  ['1', 'GET /openemr/public/%2e%2e/interface/usergroup/usergroup_admin.php'],
  ['1', 'GET /openemr/public/../interface/usergroup/usergroup_admin.php'],
  ['2', 'GET /openemr/public\\..\\interface\\usergroup\\usergroup_admin.php'],
  ['2', 'GET /openemr/public/..;/interface/usergroup/usergroup_admin.php'],
  ['2', 'GET /openemr/interface/usergroup/usergroup_admin.php/x.css'],
  ['2', 'GET /openemr//interface/usergroup/usergroup_admin.php'],
  ['2', 'GET /openemr/public/x.php/../../interface/usergroup/usergroup_admin.php'],
  ['2', 'GET /openemr/interface/usergroup/usergroup_admin.php%00.css'],
  ['4', 'FOO /openemr/interface/patient_file/summary/demographics.php?set_pid=9'],
  ['18', 'GET /openemr/interface/main/blank.php;OpenEMR=0123456789abcdef'],
])('case %s: %s is refused, and OpenEMR hears nothing', async (_case, line) => {
  const { status, seen } = await askRaw(nurse, line);
  expect([400, 403, 405]).toContain(status);
  expect(seen).toEqual([]);
});

test.each(['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override'])(
  'case 3: the header %s does not reach OpenEMR',
  async (name) => {
    const { status, seen } = await askRaw(nurse, 'GET /openemr/interface/main/blank.php', `${name}: DELETE`);
    expect(status).toBe(404);
    expect(seen).toHaveLength(1);
    expect(seen[0]?.headers.join('\n').toLowerCase()).not.toMatch(/override|http-method/);
  },
);

test('case 4: HEAD chooses a patient in OpenEMR as GET does, and so it does on record', async () => {
  const { status, seen } = await askRaw(nurse, `HEAD /openemr${CHART}?set_pid=9`);
  expect([status, seen.length]).toEqual([200, 1]);
  const find = (): Record<string, unknown> | undefined =>
    house.records().findLast((one) => one['event'] === 'attempt' && one['method'] === 'HEAD');
  expect(await eventually(find, 'the record')).toMatchObject({ patient: '9', patientSource: 'query', rule: 'desk' });
  expect(house.emr.sessions().find(({ user }) => user === 'nurse')?.patient).toBe(9);
});

test('case 11: what OpenEMR gives to whoever sends its marker after its own timeout, the rules still judge', async () => {
  house.emr.expireSessions();
  const before = house.emr.requests().length;
  const reply = await script(desk, house.url('/interface/patient_file/history/encounters.php?skip_timeout_reset=1'));
  expect({ status: reply.status, reason: problemOf(reply)['reason'] }).toEqual({ status: 403, reason: 'break-glass-required' });
  expect(house.emr.seenSince(before)).toEqual([]);
});

test('case 20: a live connection is opened to nobody, from here or from elsewhere', async () => {
  for (const origin of [house.place.origin, 'http://elsewhere.example']) {
    const upgrade = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', `Origin: ${origin}`];
    const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
    const { status, seen } = await askRaw(nurse, 'GET /openemr/interface/main/blank.php', ...upgrade, key);
    expect([status, seen]).toEqual([403, []]);
  }
});

test.each([
  ['case 21: a FHIR batch', '/apis/default/fhir', '{"resourceType":"Bundle","type":"batch"}', 'application/fhir+json'],
  [
    "OpenEMR's own login form, by which anybody could be anybody",
    '/interface/main/main_screen.php?auth=login&site=default',
    'new_login_session_management=1&authUser=admin&clearPass=pass',
    'application/x-www-form-urlencoded',
  ],
])('%s is sent by nobody', async (_what, path, body, type) => {
  const [before, logins] = [house.emr.requests().length, house.emr.logins().length];
  const reply = await script(nurse, house.url(path), { method: 'POST', body, headers: { 'content-type': type } });
  const reason = path.includes('main_screen') ? 'denied-always' : 'no-rule';
  expect({ status: reply.status, reason: problemOf(reply)['reason'] }).toEqual({ status: 403, reason });
  expect(house.emr.seenSince(before)).toEqual([]);
  expect(house.emr.logins()).toHaveLength(logins);
});

test.each(['/setup.php', '/sites/default/documents/1/chart.pdf', '/portal/index.php', '/interface/main/backup.php'])(
  '%s is opened by nobody who may not, in any capitals and with a slash at its end',
  async (path) => {
    for (const spelling of [path, `${path}/`, path.toUpperCase()]) {
      const { status, seen } = await askRaw(nurse, `GET /openemr${spelling}`);
      expect([400, 403]).toContain(status);
      expect(seen).toEqual([]);
    }
  },
);
