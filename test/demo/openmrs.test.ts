// The stand-in for OpenMRS 3, held to what the product's source does: sessions and Basic, the charts by REST and FHIR, and
// the old pages that are still there.

import { request as plainRequest } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { findPatient, patients } from '../../src/demo/ehr/patients.ts';
import { locations, patientUuid, recordsOf } from '../../src/demo/openmrs/records.ts';
import type { Kind } from '../../src/demo/openmrs/records.ts';
import { startOpenMrs } from '../../src/demo/openmrs/start-open-mrs.ts';
import type { OpenMrs, OpenMrsOptions } from '../../src/demo/openmrs/start-open-mrs.ts';
import { CookieClient } from './cookie-client.ts';

const running: OpenMrs[] = [];

afterEach(async () => {
  for (const mrs of running.splice(0)) await mrs.close();
});

async function start(options: OpenMrsOptions = {}): Promise<{ readonly mrs: OpenMrs; readonly client: CookieClient }> {
  const mrs = await startOpenMrs(options);
  running.push(mrs);
  return { mrs, client: new CookieClient(mrs.origin) };
}

const rest = '/openmrs/ws/rest/v1';
const fhir = '/openmrs/ws/fhir2/R4';
const session = `${rest}/session`;
const basic = (name: string, password: string): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`,
});

/** Logged in as the script does it. */
async function signedOn(
  name: string,
  options: OpenMrsOptions = {},
): Promise<{ readonly mrs: OpenMrs; readonly client: CookieClient }> {
  const started = await start(options);
  await started.client.fetch(session, { headers: basic(name, name === 'admin' ? 'Admin123' : `meadow-${name}`) });
  return started;
}

const uuid = patientUuid(7);
const patient = findPatient(7)!;
const idOf = (kind: Kind): string => recordsOf(kind, patient)[0]?.uuid ?? '';

describe('the session', () => {
  it.each([
    ['nobody', {}, false],
    ['the right password', basic('admin', 'Admin123'), true],
    ['a wrong password', basic('admin', 'Admin124'), false],
    ['no password', basic('admin', ''), false],
    ['a scheme that is none', { authorization: 'Bearer x' }, false],
  ])('is answered 200 to %s', async (_case, headers: Record<string, string>, authenticated) => {
    const { client } = await start();
    const reply = await client.fetch(session, { headers });
    expect(reply.status).toBe(200);
    expect(await reply.json()).toMatchObject({ authenticated });
    expect(reply.headers.getSetCookie().every((line) => /^JSESSIONID=\w{32}; Path=\/openmrs; HttpOnly$/.test(line))).toBe(true);
    expect((await client.fetch(`${rest}/patient/${uuid}`)).status).toBe(authenticated ? 200 : 401);
  });

  it('cannot be had by a password with a colon, and cuts one that is right up to it', async () => {
    const { client, mrs } = await start({
      users: [
        { name: 'colon', password: 'one:two' },
        { name: 'short', password: 'one' },
      ],
    });
    expect(await (await client.fetch(session, { headers: basic('colon', 'one:two') })).json()).toMatchObject({
      authenticated: false,
    });
    expect(await (await client.fetch(session, { headers: basic('short', 'one:two') })).json()).toMatchObject({
      authenticated: true,
    });
    expect(mrs.logins()).toMatchObject([
      { user: 'colon', way: 'basic', result: 'wrong' },
      { user: 'short', way: 'basic', result: 'success' },
    ]);
  });

  it('has another id after the login, keeps it, and looks at no further Basic', async () => {
    const { client, mrs } = await start();
    await client.fetch(session);
    const before = client.cookie('JSESSIONID');
    await client.fetch(session, { headers: basic('nurse', 'meadow-nurse') });
    const after = client.cookie('JSESSIONID');
    expect(after).not.toBe(before);
    await client.fetch(session, { headers: basic('admin', 'Admin123') });
    expect(client.cookie('JSESSIONID')).toBe(after);
    expect(mrs.sessions()).toEqual([{ id: after, user: 'nurse', location: null }]);
  });

  it('takes a place of work', async () => {
    const { client, mrs } = await signedOn('nurse');
    const choose = (place: string) =>
      client.fetch(session, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ sessionLocation: place }),
      });
    expect((await choose('nowhere')).status).toBe(500);
    const place = locations[1]?.uuid ?? '';
    expect(await (await choose(place)).json()).toMatchObject({ authenticated: true, sessionLocation: { uuid: place } });
    expect(mrs.sessions()).toMatchObject([{ location: place }]);
  });

  it('tells of a password that is due and lets in all the same', async () => {
    const { client } = await start({ users: [{ name: 'late', password: 'old', mustChangePassword: true }] });
    const told = await (await client.fetch(session, { headers: basic('late', 'old') })).json();
    expect(told).toMatchObject({ authenticated: true, user: { userProperties: { forcePassword: 'true' } } });
  });

  it('ends with DELETE and 204', async () => {
    const { client, mrs } = await signedOn('nurse');
    const reply = await client.fetch(session, { method: 'DELETE' });
    expect(reply.status).toBe(204);
    expect(mrs.sessions()).toEqual([]);
    expect((await client.fetch(session)).status).toBe(401);
  });

  it.each(['expireSessions', 'restart'] as const)('is stale after %s: 401 without a challenge, and a new cookie', async (end) => {
    const { client, mrs } = await signedOn('nurse');
    mrs[end]();
    const reply = await client.fetch(session);
    expect(reply.status).toBe(401);
    expect(await reply.text()).toContain('Session timed out');
    expect(reply.headers.get('www-authenticate')).toBeNull();
    expect(reply.headers.getSetCookie().length).toBe(1);
    expect(await (await client.fetch(session)).json()).toMatchObject({ authenticated: false });
  });

  it('is stale with Basic too, though the new one is logged in then', async () => {
    const { client, mrs } = await signedOn('nurse');
    mrs.restart();
    expect((await client.fetch(session, { headers: basic('nurse', 'meadow-nurse') })).status).toBe(401);
    expect(await (await client.fetch(session)).json()).toMatchObject({ authenticated: true });
  });

  it('is over after its idle time', async () => {
    let now = 1_700_000_000_000;
    const { client } = await signedOn('nurse', { now: () => now, timeoutSeconds: 60 });
    now += 60_000;
    expect((await client.fetch(session)).status).toBe(200);
    now += 60_001;
    expect((await client.fetch(session)).status).toBe(401);
  });

  it('may come in the path where there is no cookie', async () => {
    const { client, mrs } = await signedOn('nurse');
    const id = client.cookie('JSESSIONID');
    expect(await raw(mrs, `/openmrs/ws/rest/v1/patient/${uuid};jsessionid=${id}`)).toBe(200);
    expect(await raw(mrs, `/openmrs/ws/rest/v1/patient/${uuid}`)).toBe(401);
  });
});

describe('who may not', () => {
  it.each([
    ['with a challenge', {}, 'Basic realm="OpenMRS at /rest"'],
    ['silently', { 'Disable-WWW-Authenticate': 'true' }, null],
    ['with a challenge for any other word', { 'Disable-WWW-Authenticate': 'yes' }, 'Basic realm="OpenMRS at /rest"'],
  ])('is answered 401 %s where nobody is logged in', async (_case, headers, challenge) => {
    const { client } = await start();
    const reply = await client.fetch(`${rest}/patient/${uuid}`, { headers: headers as Record<string, string> });
    expect(reply.status).toBe(401);
    expect(reply.headers.get('www-authenticate')).toBe(challenge);
    expect(await reply.json()).toMatchObject({ error: { message: '[User is not logged in]' } });
  });

  it.each([
    ['front-desk', `${rest}/patient/${uuid}`, 200],
    ['front-desk', `${rest}/obs?patient=${uuid}`, 403],
    ['front-desk', `${fhir}/Observation?patient=${uuid}`, 403],
    ['nurse', `${rest}/obs?patient=${uuid}`, 200],
    ['nurse', `${rest}/systemsetting`, 403],
    ['nurse', `${rest}/user`, 403],
    ['nurse', `${rest}/location`, 200],
    ['admin', `${rest}/systemsetting`, 200],
    ['admin', `${rest}/nothing`, 404],
  ])('is told from who may by privilege: %s at %s gets %i', async (name, path, status) => {
    const { client } = await signedOn(name);
    const reply = await client.fetch(path);
    expect(reply.status).toBe(status);
    expect(reply.headers.get('www-authenticate')).toBeNull();
  });
});

describe('the chart', () => {
  it.each([
    [`${rest}/patient/${uuid}`],
    [`${rest}/person/${uuid}`],
    [`${rest}/patient?q=${patient.mrn}`],
    [`${rest}/visit?patient=${uuid}`],
    [`${rest}/encounter?patient=${uuid}&patient=${patientUuid(8)}`],
    [`${rest}/encounter/${idOf('encounter')}`],
    [`${rest}/obs/${idOf('obs')}`],
    [`${rest}/order/${idOf('order')}`],
    [`${fhir}/Patient/${uuid}`],
    [`${fhir}/Patient?name=${patient.familyName}`],
    [`${fhir}/Observation?subject:Patient=${uuid}`],
    [`${fhir}/Observation?patient=${uuid}`],
    [`${fhir}/Observation?subject=Patient/${uuid}`],
    [`${fhir}/Observation/${idOf('obs')}`],
  ])('is read at %s', async (path) => {
    const { client } = await signedOn('nurse');
    const reply = await client.fetch(path);
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toBe(
      path.startsWith(fhir) ? 'application/fhir+json;charset=UTF-8' : 'application/json;charset=UTF-8',
    );
    expect(await reply.text()).toContain(uuid);
  });

  it.each([`${rest}/patient/none`, `${rest}/obs/none`, `${fhir}/Patient/none`, `${fhir}/Observation/none`, `${fhir}/Nothing`])(
    'is not there at %s',
    async (path) => {
      const { client } = await signedOn('nurse');
      expect((await client.fetch(path)).status).toBe(404);
    },
  );

  it.each([
    [uuid, 201],
    ['none', 400],
  ])('is written with the patient %s in the body alone: %i', async (named, status) => {
    const { client } = await signedOn('nurse');
    const headers = { 'content-type': 'application/json' };
    const reply = await client.fetch(`${rest}/encounter`, { method: 'POST', headers, body: JSON.stringify({ patient: named }) });
    expect(reply.status).toBe(status);
  });

  it.each([
    [`attachment/${idOf('attachment')}/bytes`, 'image/png', null],
    [`patientdocuments/patientIdSticker?patientUuid=${uuid}`, 'application/pdf', 'inline; filename=patient-id-sticker.pdf'],
    [`patientdocuments/visitSummary?visitUuid=${idOf('visit')}`, 'application/pdf', 'inline; filename=visit-summary.pdf'],
  ])('has bytes at %s', async (path, type, disposition) => {
    const { client } = await signedOn('nurse');
    const reply = await client.fetch(`${rest}/${path}`);
    expect(reply.headers.get('content-type')).toBe(type);
    expect(reply.headers.get('content-disposition')).toBe(disposition);
    expect((await reply.arrayBuffer()).byteLength).toBeGreaterThan(300);
    if (type === 'image/png') expect(reply.headers.get('file-name')).toBe('Registration form.png');
  });

  it.each([
    [{}, /^http:\/\/127\.0\.0\.1:\d+$/],
    [{ 'x-forwarded-proto': 'https' }, /^https:\/\/127\.0\.0\.1:\d+$/],
    [{ 'x-forwarded-proto': 'https', 'x-forwarded-host': 'ehr.example' }, /^https:\/\/ehr\.example$/],
  ])('goes on by absolute links, made of Host or %o', async (headers: Record<string, string>, origin) => {
    const { client } = await signedOn('nurse');
    const list = (await (await client.fetch(`${rest}/patient?q=&limit=25`, { headers })).json()) as {
      links: { rel: string; uri: string }[];
    };
    const next = new URL(list.links[0]?.uri ?? '');
    expect(next.origin).toMatch(origin);
    expect(next.pathname + next.search).toBe(`${rest}/patient?q=&limit=25&startIndex=25`);
    const bundle = (await (await client.fetch(`${fhir}/Patient?_count=25`, { headers })).json()) as { link: { url: string }[] };
    expect(new URL(bundle.link[0]?.url ?? '').origin).toMatch(origin);
  });

  it('is paged to the end, by FHIR without patient or question', async () => {
    const { client, mrs } = await signedOn('nurse');
    let path: string | null = `${fhir}/Patient?_count=25`;
    let entries = 0;
    for (; path !== null;) {
      const page = (await (await client.fetch(path)).json()) as { entry: unknown[]; link: { url: string }[] };
      entries += page.entry.length;
      const next: string | undefined = page.link[0]?.url;
      path = next === undefined ? null : next.slice(mrs.origin.length);
      if (path !== null) expect(path).toMatch(/R4\?_getpages=[0-9a-f-]{36}&_getpagesoffset=\d+&/);
    }
    expect(entries).toBe(patients.length);
    expect((await client.fetch(`${fhir}?_getpages=none`)).status).toBe(410);
  });

  it('is refused by FHIR with 401 in HTML and no challenge, and its description is open', async () => {
    const { client } = await start();
    const reply = await client.fetch(`${fhir}/Patient/${uuid}`);
    expect(reply.status).toBe(401);
    expect(reply.headers.get('content-type')).toContain('text/html');
    expect(reply.headers.get('www-authenticate')).toBeNull();
    expect((await client.fetch(`${fhir}/metadata`)).status).toBe(200);
    expect((await client.fetch(`${fhir}/Patient/${uuid}`, { headers: basic('nurse', 'meadow-nurse') })).status).toBe(200);
  });
});

describe('the pages', () => {
  it.each(['/openmrs', '/openmrs/'])('%s leads to them', async (path) => {
    const { client } = await start();
    expect((await client.fetch(path)).headers.get('location')).toBe('/openmrs/spa/');
  });

  it.each(['/openmrs/spa/', '/openmrs/spa/login', `/openmrs/spa/patient/${uuid}/chart/vitals`])(
    'are one document at %s, for anybody and without a session',
    async (path) => {
      const { client } = await start();
      const reply = await client.fetch(path);
      expect(reply.headers.get('content-type')).toBe('text/html');
      expect(reply.headers.getSetCookie()).toEqual([]);
      expect(await reply.text()).toContain('src="/openmrs/spa/openmrs.js"');
    },
  );

  it('have a script that asks the session and goes to the login', async () => {
    const { client } = await start();
    const script = await (await client.fetch('/openmrs/spa/openmrs.js')).text();
    expect(script).toContain('/ws/rest/v1/session');
    expect(script).toContain("'Disable-WWW-Authenticate': 'true'");
    expect((await client.fetch('/openmrs/spa/other.js')).status).toBe(404);
  });
});

describe('the old pages', () => {
  const servlet = '/openmrs/ms/legacyui/loginServlet';
  const form = (fields: Record<string, string>): RequestInit => ({ method: 'POST', body: new URLSearchParams(fields) });
  const nurse = { uname: 'nurse', pw: 'meadow-nurse' };

  it.each([
    '/openmrs/patientDashboard.form?patientId=7',
    '/openmrs/admin/index.htm',
    '/openmrs/module/reporting/dashboard/index.form',
    '/openmrs/dwr/call/plaincall/DWRPatientService.findCountAndPatients.dwr',
  ])('%s leads to the login', async (path) => {
    const { client } = await start();
    const reply = await client.fetch(path);
    expect(reply.status).toBe(302);
    expect(reply.headers.get('location')).toBe('/openmrs/login.htm');
    expect(await (await client.fetch('/openmrs/login.htm')).text()).toContain('name="uname"');
  });

  it.each([
    ['the right password', nurse, '/openmrs'],
    ['a way back', { ...nurse, redirect: '/openmrs/admin/' }, '/openmrs/admin/'],
    ['a way back elsewhere', { ...nurse, refererURL: 'https://elsewhere.example/openmrs' }, '/openmrs'],
    ['a wrong password', { uname: 'nurse', pw: 'wrong' }, '/openmrs/login.htm'],
    ['a password that is due', { uname: 'late', pw: 'old' }, '/openmrs/changePassword.form'],
  ])('answer the login with %s by a redirect', async (_case, fields, location) => {
    const users = [
      { name: 'nurse', password: 'meadow-nurse' },
      { name: 'late', password: 'old', mustChangePassword: true },
    ];
    const { client } = await start({ users });
    const reply = await client.fetch(servlet, form(fields));
    expect(reply.status).toBe(302);
    expect(reply.headers.get('location')).toBe(location);
  });

  it.each(['/openmrs/ms/legacyui/loginServlet', '/openmrs/moduleServlet/legacyui/loginServlet', '/openmrs/loginServlet'])(
    'take the login at %s',
    async (path) => {
      const { client, mrs } = await start();
      await client.fetch(path, form(nurse));
      expect(mrs.sessions()).toMatchObject([{ user: 'nurse' }]);
    },
  );

  it.each(['/openmrs/ms/legacyui/logout', '/openmrs/moduleServlet/legacyui/logout', '/openmrs/logout'])(
    'log out at %s',
    async (path) => {
      const { client, mrs } = await signedOn('nurse');
      expect((await client.fetch(path)).headers.get('location')).toBe('/openmrs/index.htm?noredirect=true');
      expect(mrs.sessions()).toEqual([]);
    },
  );

  it('lock everybody out together after too many failures, for five minutes', async () => {
    let now = 1_700_000_000_000;
    const { mrs } = await start({ mostFormFailures: 3, now: () => now });
    const tryOnce = (fields: Record<string, string>) => new CookieClient(mrs.origin).fetch(servlet, form(fields));
    for (let tries = 0; tries < 3; tries += 1) await tryOnce({ uname: `stranger${tries}`, pw: 'x' });
    expect((await tryOnce(nurse)).headers.get('location')).toBe('/openmrs/login.htm');
    expect(mrs.logins().at(-1)?.result).toBe('locked');
    now += 300_001;
    expect((await tryOnce(nurse)).headers.get('location')).toBe('/openmrs');
  });

  it('want the token of CSRFGuard from whoever has a session, and nothing from whoever has none', async () => {
    const { client } = await start();
    await client.fetch('/openmrs/login.htm');
    expect((await client.fetch(servlet, form(nurse))).headers.get('location')).toBe('/openmrs/error.html');
    const token = /token_value = '(\w+)'/.exec(await (await client.fetch('/openmrs/csrfguard')).text())?.[1] ?? '';
    const reply = await client.fetch(servlet, form({ ...nurse, 'OWASP-CSRFTOKEN': token }));
    expect(reply.headers.get('location')).toBe('/openmrs');
  });

  it.each(['/openmrs/dwr', '/openmrs/ms', '/openmrs/ms/legacyui/dwr-invoker', '/openmrs/moduleServlet/legacyui/dwr-invoker'])(
    'find patients at %s',
    async (root) => {
      const { client } = await signedOn('nurse');
      const token = /token_value = '(\w+)'/.exec(await (await client.fetch('/openmrs/csrfguard')).text())?.[1] ?? '';
      const reply = await client.fetch(`${root}/call/plaincall/DWRPatientService.findCountAndPatients.dwr`, {
        method: 'POST',
        headers: { 'content-type': 'text/plain', 'OWASP-CSRFTOKEN': token },
        body: `callCount=1\nc0-scriptName=DWRPatientService\nc0-param0=string:${patient.mrn}\n`,
      });
      expect(await reply.text()).toContain(`patientId:7,personName:"${patient.familyName}`);
    },
  );

  it.each([
    `/openmrs/patientDashboard.form?patientId=7`,
    `/openmrs/patientDashboard.form?patientId=${uuid}`,
    `/openmrs/admin/patients/patient.form?patientId=7&patientId=8`,
    `/openmrs/admin/..;/patientDashboard.form;x=.css?patientId=7`,
    `/openmrs//./patientDashboard%2eform?patientId=7`,
  ])('show the chart at %s', async (path) => {
    const { client, mrs } = await signedOn('nurse');
    const before = mrs.requests().length;
    expect(await raw(mrs, path, client.cookie('JSESSIONID'))).toBe(200);
    expect(mrs.seenSince(before).map((one) => one.target)).toEqual([path]);
  });

  it.each(['/openmrs%2Fadmin/', '/openmrs\\admin', '/openmrs/admin%5Cx', '/openmrs/../../x'])('refuse %s', async (path) => {
    const { mrs } = await start();
    expect(await raw(mrs, path)).toBe(400);
  });
});

/** The status for a target that `URL` would tidy up first. */
function raw(mrs: OpenMrs, path: string, jsession: string | null = null): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = jsession === null ? {} : { cookie: `JSESSIONID=${jsession}` };
    const asking = plainRequest(mrs.origin, { path, headers }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
    asking.on('error', reject);
    asking.end();
  });
}
