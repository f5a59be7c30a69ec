// Machines by certificate, with real TLS: a lab interface and a FHIR app show theirs at a listener of their own. Whoever
// shows none, another one, or one beside a person's session is nobody there, and no browser is asked for one elsewhere.

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeCertificate } from '../support/certificate.ts';
import type { CertificateFiles } from '../support/certificate.ts';
import { eventually } from '../support/demo-story.ts';
import { bearer, machineClinic, newToken } from '../support/machine-clinic.ts';
import type { Asking, MachineClinic, Told } from '../support/machine-clinic.ts';
import { requirement } from '../support/requirements.ts';

const openssl = requirement('openssl');
const rules = `
roles: { nurse: Clinic-Nurses }
rules:
  - { name: results, paths: ['/fhir/Patient/{patient}'], methods: [GET, POST], allow: nurse, machines: [lab, app], patient: path.patient }
  - { name: night, paths: [/night], allow: nobody, machines: [lab], hours: Mon-Sun 00:00-00:01 }
  - { name: desk, paths: [/desk], allow: nobody, machines: [lab], from: desks }
`;

openssl.describe('at the listener of the machines', () => {
  const job = newToken();
  let folder = '';
  let lab: CertificateFiles;
  let app: CertificateFiles;
  let stranger: CertificateFiles;
  let gone: CertificateFiles;
  let it: MachineClinic;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'wardgate-machines-'));
    const tls = makeCertificate(folder, 'ehr');
    [lab, app, stranger, gone] = [
      makeCertificate(folder, 'lab'),
      makeCertificate(folder, 'app'),
      makeCertificate(folder, 'lab-as-well'),
      makeCertificate(folder, 'gone'),
    ] as const;
    const machines = [
      `lab: { certificate: ${lab.certificate}, signOn: { account: svc-lab, passwordFile: lab-password } }`,
      `app: { certificate: ${app.certificate}, passAuthorization: true }`,
      `far: { certificate: ${gone.certificate}, from: 10.9.9.9 }`,
      'job: { from: 127.0.0.1, tokenHashFile: job.hash }',
    ];
    it = await machineClinic({
      rules,
      machines,
      tls,
      applicationLines: ['signOn: own-password'],
      files: { 'lab-password': 'secret-of-lab', 'job.hash': job.hash },
    });
  });
  afterAll(async () => {
    await it.close();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => void it.seen.splice(0));

  function refusalOf({ body }: Told): Promise<Record<string, unknown>> {
    const { requestId } = JSON.parse(body) as { requestId: string };
    return eventually(() => it.records().find((one) => one['request'] === requestId), 'the record');
  }

  test('the lab is recognised, signed on at the EHR by its own account and recorded by its name', async () => {
    const told = await it.ask({ shows: lab, method: 'POST', body: 'HL7' });
    expect(told.status).toBe(200);
    const authorization = `Basic ${Buffer.from('svc-lab:secret-of-lab').toString('base64')}`;
    expect(it.seen).toMatchObject([{ target: '/fhir/Patient/7', headers: { authorization }, body: 'HL7' }]);
    const outcome = await eventually(() => it.last('outcome'), 'the outcome');
    expect(outcome).toMatchObject({ subject: { machine: 'lab' }, factor: 'certificate', rule: 'results', patient: '7' });
  });

  test('the app proves itself at the EHR with the header of its own, which the lab may not', async () => {
    const headers = { authorization: 'Bearer for-the-ehr' };
    expect((await it.ask({ shows: app, headers })).status).toBe(200);
    expect((await it.ask({ shows: lab, headers })).status).toBe(200);
    expect(it.seen.map((one) => one.headers.authorization)).toEqual(['Bearer for-the-ehr', expect.stringMatching(/^Basic /)]);
  });

  test('hours and zones hold for machines too', async () => {
    const at = async (path: string) => JSON.parse((await it.ask({ shows: lab, path })).body) as unknown;
    expect(await at('/desk')).toMatchObject({ reason: 'zone-not-permitted' });
    expect(await at('/night')).toMatchObject({ reason: 'hours-not-permitted' });
    expect(it.seen).toEqual([]);
  });

  describe('attacks', () => {
    test.each<readonly [what: string, asking: () => Asking, recorded: string | RegExp]>([
      ['no certificate', () => ({ atMachines: true }), 'No client certificate was presented'],
      ['a certificate of nobody', () => ({ shows: stranger }), /^No machine has the certificate [0-9a-f]{64}$/],
      ['a certificate from another address', () => ({ shows: gone }), 'Machine "far" may not come from this address'],
    ])('%s', async (_, asking, recorded) => {
      const told = await it.ask(asking());
      expect(JSON.parse(told.body)).toMatchObject({ status: 401, reason: 'machine-unknown' });
      expect(it.seen).toEqual([]);
      expect(await refusalOf(told)).toMatchObject({ reason: 'machine-unknown', detail: recorded });
    });

    test('a certificate beside a token, or beside a person, is nobody', async () => {
      const both = await it.ask({ shows: lab, headers: bearer(job.token) });
      const cookie = await it.cookieFor('nurse');
      const person = await it.ask({ shows: lab, headers: { cookie } });
      const noCertificate = await it.ask({ atMachines: true, headers: { cookie } });
      expect([both, person, noCertificate].map(({ body }) => JSON.parse(body) as unknown)).toMatchObject([
        { status: 400, reason: 'caller-ambiguous' },
        { status: 400, reason: 'caller-ambiguous' },
        { status: 400, reason: 'caller-ambiguous' },
      ]);
      expect(it.seen).toEqual([]);
    });

    test('a token is no key to the listener of the certificates', async () => {
      const told = await it.ask({ atMachines: true, headers: bearer(job.token) });
      expect(JSON.parse(told.body)).toMatchObject({ reason: 'caller-ambiguous' });
    });

    test('headers that speak of a certificate are only headers', async () => {
      const headers = {
        'x-forwarded-client-cert': 'Subject="CN=lab"',
        'x-ssl-client-s-dn': 'CN=lab',
        'x-ssl-client-verify': 'SUCCESS',
      };
      const told = await it.ask({ headers });
      expect(JSON.parse(told.body)).toMatchObject({ reason: 'sign-in-required' });
      expect(it.seen).toEqual([]);
    });
  });

  test("no browser is asked for a certificate at the people's listener, and every client is at the machines'", async () => {
    expect(await asksForCertificate(it.place.port)).toBe(false);
    expect(await asksForCertificate(it.gateway.machinePort ?? 0)).toBe(true);
  });

  test('a certificate that is taken out of gateway.yaml is a stranger after the reload, and the one in its place is the machine', async () => {
    const text = readFileSync(it.place.file, 'utf8');
    writeFileSync(it.place.file, text.replace(app.certificate, stranger.certificate));
    await it.gateway.reload();
    expect(JSON.parse((await it.ask({ shows: app })).body)).toMatchObject({
      title: expect.any(String),
      status: expect.toBeOneOf([401, 429]),
    });
    expect((await it.ask({ shows: stranger })).status).toBe(200);
  });
});

/** By what openssl prints only where the server has asked for a certificate. */
async function asksForCertificate(port: number): Promise<boolean> {
  const program = spawn('openssl', ['s_client', '-connect', `127.0.0.1:${port}`], { stdio: ['pipe', 'pipe', 'ignore'] });
  let printed = '';
  program.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  program.stdin.end();
  await new Promise((resolve) => program.once('close', resolve));
  expect(printed).toContain('Server certificate');
  return printed.includes('Requested Signature Algorithms');
}
