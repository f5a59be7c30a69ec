// What `check --live` says of an EHR: reached as the gateway reaches it, believed as the gateway believes it, and its sign-on
// played up to the password and not a step further.

import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Finding } from '../../../src/cli/live/finding.ts';
import { probeEhr } from '../../../src/cli/live/probe-ehr.ts';
import { freePort } from '../../../src/demo/free-port.ts';
import { makeCertificate } from '../../support/certificate.ts';
import type { CertificateFiles } from '../../support/certificate.ts';
import { formPreset } from '../../support/form-ehr.ts';
import { liveConfiguration } from '../../support/live-configuration.ts';
import type { LivePlaces } from '../../support/live-configuration.ts';
import { requirement } from '../../support/requirements.ts';
import { tlsRelay } from '../../support/tls-relay.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

interface Ehr {
  readonly port: number;
  /** Method and target of each request. */
  readonly asked: string[];
}

async function ehr(answer: Answer): Promise<Ehr> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { port: (server.address() as AddressInfo).port, asked };
}

async function probe(places: LivePlaces): Promise<readonly Finding[]> {
  const { settings } = await liveConfiguration(places);
  const [application] = settings.applications.values();
  if (application === undefined) throw new Error('No application');
  return probeEhr(application, settings, AbortSignal.timeout(10_000));
}

const lines = (found: readonly Finding[]): readonly string[] =>
  found.map(({ probe: name, verdict, says }) => `${name} ${verdict}: ${says}`);
const signOnLine = (found: readonly Finding[]): string => lines(found).find((line) => line.startsWith('sign-on')) ?? '';

describe('reached', () => {
  test.each`
    status | line
    ${200} | ${/^ehr ok: http:\/\/127\.0\.0\.1:\d+\/ answers with status 200 after \d+ ms, by http: within this machine$/}
    ${404} | ${/^ehr ok: .* status 404/}
    ${503} | ${/^ehr warning: .* status 503/}
  `('with status $status', async ({ status, line }: { status: number; line: RegExp }) => {
    const { port } = await ehr((_, response) => response.writeHead(status).end());
    const found = await probe({ upstream: `http://127.0.0.1:${port}` });
    expect(lines(found)).toEqual([
      expect.stringMatching(line),
      'sign-on ok: The gateway signs nobody on here, so there is nothing to try',
    ]);
  });

  test('by plain http elsewhere, the written reason is repeated', async () => {
    // Written so, this machine is another one for the configuration.
    const { port } = await ehr((_, response) => response.end());
    const application = ['plainHttpBecause: isolated server VLAN', 'signOn: none'];
    const [found] = await probe({ upstream: `http://[::ffff:127.0.0.1]:${port}`, application });
    expect(found).toMatchObject({
      verdict: 'ok',
      says: expect.stringMatching(/without encryption, because "isolated server VLAN"$/),
    });
  });

  test('not at all, there is one line with what to do', async () => {
    const found = await probe({ upstream: `http://127.0.0.1:${await freePort()}`, application: ['signOn: own-password'] });
    expect(found).toEqual([
      expect.objectContaining({
        verdict: 'failed',
        says: expect.stringMatching(/nothing listens there$/),
        fix: expect.stringMatching(/port/),
      }),
    ]);
  });

  test('by https, but it speaks none', async () => {
    const { port } = await ehr((_, response) => response.end());
    const [found] = await probe({ upstream: `https://127.0.0.1:${port}` });
    expect(found).toMatchObject({
      verdict: 'failed',
      says: expect.stringMatching(/TLS handshake failed/),
      fix: expect.stringMatching(/plainHttpBecause/),
    });
  });
});

requirement('openssl').describe('by https', () => {
  let folder = '';
  let authority: CertificateFiles;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'wardgate-ehr-tls-'));
    authority = makeCertificate(folder, 'clinic-ca', { isAuthority: true, days: 400 });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each<readonly [what: string, names: string, days: number, trusted: boolean, expected: readonly RegExp[], fix: RegExp]>([
    [
      'believed',
      'DNS:localhost',
      90,
      true,
      [/^ehr ok/, /^ehr-certificate ok: It is believed \(CN=believed\), 89 days left$/],
      /^$/,
    ],
    ['ending soon', 'DNS:localhost', 20, true, [/^ehr ok/, /^ehr-certificate warning: It ends on/], /renew it at the EHR/],
    ['ending at once', 'DNS:localhost', 3, true, [/^ehr ok/, /^ehr-certificate failed: It ends on/], /renew it at the EHR/],
    [
      'of an unknown authority',
      'DNS:localhost',
      90,
      false,
      [/^ehr failed: .*authority that this machine does not know/],
      /as trust in gateway/,
    ],
    ['for another name', 'DNS:other.example', 90, true, [/^ehr failed: .*for another name/], /name that the certificate has/],
  ])('with a certificate %s', async (what, names, days, trusted, expected, fix) => {
    const { port } = await ehr((_, response) => response.end());
    const certificate = makeCertificate(folder, what.replaceAll(' ', '-'), { names: [names], authority, days });
    const application = [...(trusted ? [`trust: ${authority.certificate}`] : []), 'signOn: none'];
    const found = await probe({ upstream: `https://localhost:${await tlsRelay(certificate, port)}`, application });
    const own = found.filter(({ probe: name }) => name !== 'sign-on');
    expect(lines(own)).toEqual(expected.map((one) => expect.stringMatching(one)));
    expect(own.at(-1)?.fix ?? '').toMatch(fix);
  });
});

describe('the sign-on', () => {
  const recipe = (text = formPreset): LivePlaces => ({
    application: ['preset: ./our.yaml', 'signOn: own-password'],
    files: { 'our.yaml': text },
  });
  const form = '<form action="/login"><input name="token" value="t-1"><input name="user"></form>';

  test.each<readonly [what: string, page: string, status: number, line: RegExp]>([
    [
      'that fits',
      form,
      200,
      /^sign-on ok: our\.yaml: the first step was answered as it expects, up to the one with the password/,
    ],
    [
      'whose page has lost its token',
      '<form></form>',
      200,
      /^sign-on failed: our\.yaml: it does not fit at our\.yaml:\d+: .*"token"/,
    ],
    [
      'whose page says that the password is wrong',
      'Wrong password',
      200,
      /^sign-on failed: our\.yaml: it ended before any password was sent, as "refused"/,
    ],
  ])('by a form %s', async (_what, page, status, line) => {
    const { port, asked } = await ehr((_, response) => response.writeHead(status, { 'content-type': 'text/html' }).end(page));
    const found = await probe({ upstream: `http://127.0.0.1:${port}`, ...recipe() });
    expect(signOnLine(found)).toMatch(line);
    expect(asked).toEqual(['GET /', 'GET /login']);
  });

  test('that sends a password at once is left to the doctor', async () => {
    const text = formPreset
      .replace('    - get: /login\n      take: { token: { field: token } }\n', '')
      .replace("token: '{token}', ", '');
    const { port, asked } = await ehr((_, response) => response.end());
    const found = await probe({ upstream: `http://127.0.0.1:${port}`, ...recipe(text) });
    expect(signOnLine(found)).toMatch(
      /^sign-on unknown: our\.yaml: its first step sends the password already; .*wardgate ehr test --application ehr$/,
    );
    expect(asked).toEqual(['GET /']);
  });

  test('at an EHR that breaks off is told', async () => {
    const { port } = await ehr((request, response) => (request.url === '/login' ? request.socket.destroy() : response.end()));
    const found = await probe({ upstream: `http://127.0.0.1:${port}`, ...recipe() });
    expect(signOnLine(found)).toMatch(/^sign-on failed: /);
  });

  test.each<readonly [what: string, challenge: string | null, line: RegExp]>([
    ['asks for a password', 'Basic realm="EHR"', /^sign-on ok: It asks for a password by Basic/],
    [
      'asks by another way',
      'Negotiate',
      /^sign-on warning: It answers \/ with status 401 and does not ask for a password by Basic/,
    ],
    ['asks nobody', null, /^sign-on warning: It answers \/ with status 200/],
  ])('by Basic at one that %s', async (_what, challenge, line) => {
    const { port, asked } = await ehr((_, response) => {
      if (challenge === null) response.end();
      else response.writeHead(401, { 'www-authenticate': challenge }).end();
    });
    const found = await probe({ upstream: `http://127.0.0.1:${port}`, application: ['signOn: own-password'] });
    expect(signOnLine(found)).toMatch(line);
    expect(asked).toEqual(['GET /', 'GET /']);
  });

  test('by a header cannot be seen, and what that means is said', async () => {
    const { port } = await ehr((_, response) => response.end());
    const found = await probe({ upstream: `http://127.0.0.1:${port}`, application: ['signOn: { header: X-Remote-User }'] });
    expect(signOnLine(found)).toMatch(/^sign-on unknown: .*"X-Remote-User".*whoever reaches it directly can send it too$/);
  });
});
