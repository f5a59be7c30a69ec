// A real archive of images behind the gateway, with the shipped preset: what people may see they see, what leaves is
// counted, and none of the ways round the rules that Orthanc itself would accept reaches it.

import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BudgetState } from '../../src/core/downloads/budget-state.ts';
import { personKey } from '../../src/core/downloads/person-key.ts';
import type { CookieClient, Reply } from '../support/cookie-client.ts';
import { eventually, records, signIn } from '../support/demo-story.ts';
import { dicomFile } from '../support/dicom-file.ts';
import { images } from '../support/orthanc.ts';
import { orthancClinic } from '../support/orthanc-clinic.ts';
import type { OrthancClinic } from '../support/orthanc-clinic.ts';
import { requirement } from '../support/requirements.ts';

const needed = requirement('orthanc');
const script = { accept: '*/*', 'sec-fetch-mode': 'cors' };

let house: OrthancClinic;
const people = new Map<string, CookieClient>();
let patient = '';
let instance = '';

async function begin(): Promise<void> {
  house = await orthancClinic(needed.path ?? '');
  for (const name of ['physician', 'nurse', 'records', 'front-desk', 'it']) {
    people.set(name, await signIn(house.place, name, '/system'));
  }
  [patient = ''] = await house.orthanc.list('patients');
  [instance = ''] = await house.orthanc.list('instances');
}

function as(name: string): CookieClient {
  const client = people.get(name);
  if (client === undefined) throw new Error(`Nobody called "${name}" has signed in`);
  return client;
}

const ask = (name: string, path: string, method = 'GET', headers = {}, body?: Buffer): Promise<Reply> =>
  as(name).ask(house.place.origin + path, {
    method,
    headers: { ...script, ...headers },
    ...(body === undefined ? {} : { body }),
  });

/** The status of a request line that no library would send as it is, with the person's cookie. */
function askRaw(name: string, requestLine: string, more: readonly string[] = []): Promise<number> {
  const { origin, port } = house.place;
  const lines = [
    requestLine,
    `host: localhost:${port}`,
    'connection: close',
    `cookie: ${as(name).cookieHeader(origin)}`,
    ...more,
  ];
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write(`${lines.join('\r\n')}\r\n\r\n`));
    let heard = '';
    socket.on('data', (chunk: Buffer) => (heard += chunk.toString('latin1')));
    socket.on('error', reject);
    socket.on('close', () => resolve(Number(heard.split(' ')[1] ?? 0)));
  });
}

async function budgetOf(name: string): Promise<BudgetState> {
  const { budgets } = house.gateway.composed.state;
  return (await budgets.account(personKey({ issuer: house.place.provider.issuer, sub: name }))).state;
}

needed.describe('Orthanc behind the gateway', () => {
  beforeAll(begin);
  afterAll(async () => house.close());

  test('shows patients, studies and pictures to whoever may look', async () => {
    const patients = JSON.parse((await ask('nurse', '/patients?expand')).text) as { MainDicomTags: { PatientName: string } }[];
    expect(patients.map((one) => one.MainDicomTags.PatientName).sort()).toEqual(['Ramp^Rita', 'Slope^Sam']);
    expect(JSON.parse((await ask('nurse', '/studies')).text)).toHaveLength(3);
    const picture = await ask('nurse', `/instances/${instance}/preview`);
    expect(picture.headers['content-type']).toBe('image/png');
    expect(picture.body.subarray(1, 4).toString()).toBe('PNG');
    expect((await ask('front-desk', '/patients')).status).toBe(403);
    expect((await budgetOf('nurse')).files).toEqual([]);
  });

  test('answers HEAD as Orthanc does, which is 404', async () => {
    const reply = await ask('nurse', '/system', 'HEAD');
    expect(reply.status).toBe(404);
    expect(reply.body).toHaveLength(0);
  });

  test('records which patient was opened, with the person, though Orthanc knows one account only', async () => {
    await ask('nurse', `/patients/${patient}/studies`);
    const found = await eventually(
      () => records(house.place).find((one) => one['event'] === 'attempt' && one['patient'] === patient),
      'the attempt',
    );
    expect(found).toMatchObject({ subject: { name: 'nurse' }, category: 'images', rule: 'look', patientSource: 'path' });
  });

  describe('an archive', () => {
    test('is counted as one file and in every byte, though it names no length and no kind of disposition', async () => {
      const direct = await house.orthanc.ask(`/patients/${patient}/archive`);
      expect(direct.headers.get('content-disposition')).toMatch(/^filename=/);
      expect(direct.headers.get('content-length')).toBeNull();
      const before = await budgetOf('records');
      const reply = await ask('records', `/patients/${patient}/archive`);
      expect(reply.status).toBe(200);
      expect(reply.body.subarray(0, 2).toString()).toBe('PK');
      expect(reply.body.toString('latin1')).toMatch(/MRN-?[12]/);
      // The end of the directory: the archive arrived whole, though only the closed connection says so.
      expect(reply.body.toString('latin1')).toContain('PK\u0005\u0006');
      const outcome = await eventually(
        () => records(house.place).find((one) => one['event'] === 'outcome' && String(one['target']).endsWith('/archive')),
        'the outcome',
      );
      expect(outcome).toMatchObject({ status: 200, bytesOut: reply.body.length, subject: { name: 'records' }, rule: 'take' });
      const after = await budgetOf('records');
      expect(after.files.length - before.files.length).toBe(1);
      expect(after.bytes - before.bytes).toBe(reply.body.length);
    });

    test('is refused to a role that may not export, before Orthanc sees a byte', async () => {
      house.relay.take();
      const sent = house.relay.sent();
      for (const path of [
        `/patients/${patient}/archive`,
        `/patients/${patient}/media`,
        `/instances/${instance}/file`,
        '/wado?requestType=WADO',
      ]) {
        const reply = await ask('nurse', path);
        expect({ path, status: reply.status }).toEqual({ path, status: 403 });
        expect(JSON.parse(reply.text)).toMatchObject({ reason: 'export-not-permitted', rule: 'take' });
      }
      expect(house.relay.sent()).toBe(sent);
    });

    test('is refused once the budget has ended, and the same file again is not a new one', async () => {
      const [first = '', second = '', third = ''] = await house.orthanc.list('studies');
      for (const study of [first, second, first]) expect((await ask('physician', `/studies/${study}/archive`)).status).toBe(200);
      const sent = house.relay.sent();
      const reply = await ask('physician', `/studies/${third}/archive`);
      expect(reply.status).toBe(429);
      expect(Number(reply.headers['retry-after'])).toBeGreaterThan(0);
      expect(JSON.parse(reply.text)).toMatchObject({ reason: 'budget-exhausted', rule: 'take' });
      expect(house.relay.sent()).toBe(sent);
      expect((await ask('physician', `/instances/${instance}/preview`)).status).toBe(200);
    });
  });

  test('DICOMweb: whoever may look may search, and what is retrieved is counted though it has no file name', async ({ skip }) => {
    if (!house.orthanc.hasDicomWeb) skip('the DICOMweb plug-in is not installed');
    const study = images[0]?.study ?? '';
    const found = await ask('nurse', `/dicom-web/studies?PatientID=MRN-1`, 'GET', { accept: 'application/dicom+json' });
    expect(found.status).toBe(200);
    expect(JSON.parse(found.text)).toHaveLength(2);
    const sent = house.relay.sent();
    expect((await ask('nurse', `/dicom-web/studies/${study}`)).status).toBe(403);
    expect(house.relay.sent()).toBe(sent);
    const before = await budgetOf('records');
    const reply = await ask('records', `/dicom-web/studies/${study}`, 'GET', {
      accept: 'multipart/related; type="application/dicom"',
    });
    expect(reply.status).toBe(200);
    expect(reply.headers['content-disposition']).toBeUndefined();
    expect(reply.headers['content-type']).toContain('multipart/related');
    expect(reply.body.includes(Buffer.from('DICM'))).toBe(true);
    const after = await budgetOf('records');
    expect(after.files.length - before.files.length).toBe(1);
    expect(after.bytes - before.bytes).toBe(reply.body.length);
  });

  describe('another method than it looks like', () => {
    test.each([
      '?_method=DELETE',
      '?_method=PUT',
      '?_method=delete',
      '?a=b&_method=DELETE',
      '?%5Fmethod=DELETE',
      '?_method',
      '?_method=GET&_method=DELETE',
      '?_%6Dethod=DELETE',
    ])('%s is refused and the image is still there', async (query) => {
      const sent = house.relay.sent();
      const reply = await ask('it', `/instances/${instance}${query}`);
      expect(reply.status).toBe(400);
      expect(JSON.parse(reply.text)).toMatchObject({ reason: 'method-override-refused' });
      expect(house.relay.sent()).toBe(sent);
      expect(await house.orthanc.list('instances')).toContain(instance);
    });

    test.each(['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override', 'x-http-method-override'])(
      'the header %s does not reach Orthanc',
      async (name) => {
        house.relay.take();
        const reply = await ask('nurse', `/instances/${instance}`, 'GET', { [name]: 'DELETE' });
        expect(reply.status).toBe(200);
        expect(house.relay.take().toLowerCase()).not.toMatch(/override|http-method/);
        expect(await house.orthanc.list('instances')).toContain(instance);
      },
    );
  });

  describe('another path than it looks like', () => {
    test.each([
      'GET /app/..%2fpatients/{patient}/archive HTTP/1.1',
      'GET /app/../patients/{patient}/archive HTTP/1.1',
      'GET /app/%2e%2e/patients/{patient}/archive HTTP/1.1',
      'GET /patients%2F{patient} HTTP/1.1',
      'GET /patients%2f{patient}/archive HTTP/1.1',
      'GET /patients\\{patient} HTTP/1.1',
      'GET /patients%5C{patient} HTTP/1.1',
      'GET //patients HTTP/1.1',
      'GET //patients/{patient}/archive HTTP/1.1',
      'GET /patients//{patient} HTTP/1.1',
      'GET /./patients HTTP/1.1',
      'GET /%70atients/{patient}/archive HTTP/1.1',
      'GET /patients/{patient}/archive;x=.css HTTP/1.1',
      'GET /app/..;/patients/{patient}/archive HTTP/1.1',
    ])('%s is refused and Orthanc sees no byte', async (line) => {
      const sent = house.relay.sent();
      const status = await askRaw('nurse', line.replace('{patient}', patient));
      expect([400, 403]).toContain(status);
      expect(house.relay.sent()).toBe(sent);
    });
  });

  test('letters that need no encoding are judged and forwarded as what they are', async () => {
    house.relay.take();
    expect(await askRaw('nurse', `GET /%70atients/${patient} HTTP/1.1`)).toBe(200);
    expect(house.relay.take()).toMatch(new RegExp(`^GET /patients/${patient} HTTP/1.1`));
  });

  describe('what nobody may do', () => {
    test.each`
      method        | path
      ${'GET'}      | ${'/webdav/'}
      ${'PUT'}      | ${'/webdav/uploads/x.dcm'}
      ${'PROPFIND'} | ${'/webdav/'}
      ${'POST'}     | ${'/tools/reset'}
      ${'POST'}     | ${'/tools/shutdown'}
      ${'POST'}     | ${'/tools/execute-script'}
      ${'PUT'}      | ${'/tools/log-level'}
      ${'POST'}     | ${'/tools/bulk-delete'}
      ${'POST'}     | ${'/tools/invalidate-tags'}
      ${'POST'}     | ${'/modalities/other/store'}
      ${'POST'}     | ${'/modalities/other/move'}
      ${'PUT'}      | ${'/modalities/other'}
      ${'DELETE'}   | ${'/peers/other'}
      ${'POST'}     | ${'/peers/other/store'}
      ${'POST'}     | ${'/instances/1/export'}
      ${'GET'}      | ${'/exports'}
    `('$method $path is refused to IT too', async ({ method, path }: { method: string; path: string }) => {
      const sent = house.relay.sent();
      const reply = await ask('it', path, method, {}, method === 'POST' || method === 'PUT' ? Buffer.from('x') : undefined);
      expect(reply.status).toBe(method === 'PROPFIND' ? 405 : 403);
      if (method !== 'PROPFIND') expect(JSON.parse(reply.text)).toMatchObject({ reason: 'denied-always' });
      expect(house.relay.sent()).toBe(sent);
      expect((await house.orthanc.ask('/system')).status).toBe(200);
    });
  });

  describe('uploading and deleting', () => {
    const fresh = {
      ...images[0]!,
      study: '1.2.826.0.1.3680043.10.543.9',
      series: '1.2.826.0.1.3680043.10.543.9.1',
      instance: '1.2.826.0.1.3680043.10.543.9.1.1',
    };

    test('are refused to whoever only looks, and Orthanc sees no byte', async () => {
      const sent = house.relay.sent();
      expect((await ask('nurse', '/instances', 'POST', { 'content-type': 'application/dicom' }, dicomFile(fresh))).status).toBe(
        403,
      );
      expect((await ask('physician', `/instances/${instance}`, 'DELETE')).status).toBe(403);
      expect(house.relay.sent()).toBe(sent);
      expect(await house.orthanc.list('instances')).toHaveLength(3);
    });

    test('work for whoever may', async () => {
      const uploaded = await ask('physician', '/instances', 'POST', { 'content-type': 'application/dicom' }, dicomFile(fresh));
      expect(uploaded.status).toBe(200);
      const { ID } = JSON.parse(uploaded.text) as { ID: string };
      expect(await house.orthanc.list('instances')).toContain(ID);
      expect((await ask('it', `/instances/${ID}`, 'DELETE')).status).toBe(200);
      expect(await house.orthanc.list('instances')).not.toContain(ID);
    });
  });
});

needed.describe('Orthanc with another password than the gateway has', () => {
  let wrong: OrthancClinic;
  beforeAll(async () => {
    wrong = await orthancClinic(needed.path ?? '', 'not-the-password');
  });
  afterAll(async () => wrong.close());

  test('gives 502 and never a password box', async () => {
    const client = await signIn(wrong.place, 'nurse', '/system');
    for (const headers of [script, { accept: 'text/html', 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate' }]) {
      const reply = await client.ask(`${wrong.place.origin}/patients`, { headers });
      expect(reply.status).toBe(502);
      expect(reply.headers['www-authenticate']).toBeUndefined();
      expect(reply.text).toContain('The EHR did not accept the sign-on');
      expect(reply.text).not.toContain('not-the-password');
    }
    await eventually(() => records(wrong.place).find((one) => one['reason'] === 'ehr-sign-on-failed'), 'the record');
  });
});
