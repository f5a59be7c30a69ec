// TLS on both sides: people reach the gateway by 1.2 and 1.3 only, a renewed certificate is used without a restart, and the
// EHR's certificate is checked against the clinic's authority and the EHR's own name.

import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { WebSocket, WebSocketServer } from 'ws';
import { makeCertificate, makePfx } from '../support/certificate.ts';
import type { CertificateFiles } from '../support/certificate.ts';
import { clinic, openGateway } from '../support/clinic.ts';
import type { Clinic, ClinicOptions } from '../support/clinic.ts';
import { CookieClient } from '../support/cookie-client.ts';
import { eventually, records, seenByEhr, signIn } from '../support/demo-story.ts';
import { requirement } from '../support/requirements.ts';
import { rememberingLog } from '../support/silent-log.ts';

const openssl = requirement('openssl');
const script = { accept: '*/*', 'sec-fetch-mode': 'cors' };
const hasIpv6 = Object.values(networkInterfaces())
  .flat()
  .some((one) => one?.address === '::1');

let folder = '';
let authority: CertificateFiles;
const open: (() => Promise<unknown>)[] = [];

beforeAll(() => {
  if (!openssl.available) return;
  folder = mkdtempSync(join(tmpdir(), 'wardgate-tls-'));
  authority = makeCertificate(folder, 'clinic-ca', { isAuthority: true });
});
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});
afterAll(() => {
  if (folder !== '') rmSync(folder, { recursive: true, force: true });
});

async function opened(options: ClinicOptions, log = rememberingLog()): Promise<Clinic> {
  const place = await clinic(options);
  open.push(() => place.close());
  const gateway = await openGateway(place, log);
  open.push(() => gateway.close());
  return place;
}

/** The protocol that was agreed on, or why there was none. */
function handshake(
  port: number,
  options: ConnectionOptions,
): Promise<{ protocol: string | null; serial: string } | { refused: string }> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ...options }, () => {
      resolve({ protocol: socket.getProtocol(), serial: socket.getPeerCertificate().serialNumber });
      socket.destroy();
    });
    socket.on('error', (cause: NodeJS.ErrnoException) => resolve({ refused: cause.code ?? cause.message }));
  });
}

openssl.describe('towards people', () => {
  let certificate: CertificateFiles;
  let ca = '';
  beforeAll(() => {
    certificate = makeCertificate(folder, 'gateway', { authority });
    ca = readFileSync(authority.certificate, 'utf8');
  });

  test('1.2 and 1.3 are spoken, 1.1 and 1.0 are not', async () => {
    const { port } = await opened({ tls: certificate });
    expect(await handshake(port, { ca, maxVersion: 'TLSv1.3' })).toMatchObject({ protocol: 'TLSv1.3' });
    expect(await handshake(port, { ca, maxVersion: 'TLSv1.2' })).toMatchObject({ protocol: 'TLSv1.2' });
    // Security level 0 lets this client offer what it would refuse itself.
    for (const old of ['TLSv1.1', 'TLSv1'] as const) {
      const ciphers = 'ALL:@SECLEVEL=0';
      expect(await handshake(port, { ca, minVersion: 'TLSv1', maxVersion: old, ciphers })).toEqual({
        refused: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
      });
    }
  });

  test('a person signs in by https, and every cookie of ours is __Host-, Secure and HttpOnly', async () => {
    const place = await opened({ tls: certificate });
    const set: string[] = [];
    const client = new CookieClient(ca);
    const asked = client.ask.bind(client);
    const origin = place.origin;
    const begun = await asked(`${origin}/.wardgate/sign-in?login_hint=nurse&return=%2Fmain`, {
      headers: { accept: 'text/html' },
    });
    set.push(...(begun.headers['set-cookie'] ?? []));
    await signIn(place, 'nurse', '/main', client);
    const names = [...(client.jar.get(`localhost:${place.port}`)?.keys() ?? [])];
    expect(names.filter((name) => name.toLowerCase().includes('wardgate')).every((name) => name.startsWith('__Host-'))).toBe(
      true,
    );
    expect(names.some((name) => name.startsWith('__Host-'))).toBe(true);
    expect(set.length).toBeGreaterThan(0);
    for (const cookie of set) {
      expect(cookie).toMatch(/^__Host-/);
      expect(cookie).toMatch(/; Secure/i);
      expect(cookie).toMatch(/; HttpOnly/i);
      expect(cookie).toMatch(/; Path=\//i);
      expect(cookie).toMatch(/; SameSite=Lax/i);
      expect(cookie).not.toMatch(/; Domain=/i);
    }
    const echoed = await client.ask(`${origin}/echo-headers`, { headers: script });
    expect(echoed.status).toBe(200);
    expect(echoed.text).toContain('x-forwarded-proto: https');
    expect(echoed.text).not.toContain('__Host-');
  });

  test('a renewed certificate is used without a restart, and a broken one leaves the old one in use', async () => {
    const used = { certificate: join(folder, 'used.pem'), key: join(folder, 'used.key') };
    copyFileSync(certificate.certificate, used.certificate);
    copyFileSync(certificate.key, used.key);
    const log = rememberingLog();
    const { port } = await opened({ tls: used }, log);
    const before = await handshake(port, { ca });
    writeFileSync(used.certificate, 'half a certifi');
    await eventually(
      () => log.lines.some((line) => line.includes('cannot be used; the old one stays')),
      'the broken certificate',
    );
    expect(await handshake(port, { ca })).toEqual(before);
    const renewed = makeCertificate(folder, 'renewed', { authority });
    copyFileSync(renewed.key, used.key);
    copyFileSync(renewed.certificate, used.certificate);
    await eventually(() => log.lines.some((line) => line.includes('The certificate was renewed')), 'the renewal');
    const after = await handshake(port, { ca });
    expect(after).toMatchObject({ protocol: 'TLSv1.3' });
    expect(after).not.toEqual(before);
    const ciphers = 'ALL:@SECLEVEL=0';
    expect(await handshake(port, { ca, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers })).toHaveProperty('refused');
  });

  test('a PFX is served with its chain, and a renewed one with another passphrase is used without a restart', async () => {
    const middle = makeCertificate(folder, 'middle', { isAuthority: true, authority });
    const chained = (name: string) => makeCertificate(folder, name, { authority: middle });
    const used = { certificate: join(folder, 'used.pfx'), passphrase: join(folder, 'used.word') };
    writeFileSync(used.passphrase, 'first word\n');
    makePfx(chained('pfx-one'), used.certificate, { passphrase: 'first word', chain: middle.certificate });
    const log = rememberingLog();
    const { port } = await opened({ tls: used }, log);
    // The client knows the root alone, so the intermediate has come from the PFX.
    const before = await handshake(port, { ca });
    expect(before).toMatchObject({ protocol: 'TLSv1.3' });
    const renewed = makePfx(chained('pfx-two'), join(folder, 'next.pfx'), {
      passphrase: 'other word',
      chain: middle.certificate,
    });
    writeFileSync(used.certificate, readFileSync(renewed).subarray(0, 400));
    await eventually(() => log.lines.some((line) => line.includes('cannot be used; the old one stays')), 'the half PFX');
    expect(await handshake(port, { ca })).toEqual(before);
    copyFileSync(renewed, used.certificate);
    writeFileSync(used.passphrase, 'other word\n');
    await eventually(() => log.lines.some((line) => line.includes('The certificate was renewed')), 'the renewal');
    const after = await handshake(port, { ca });
    expect(after).toMatchObject({ protocol: 'TLSv1.3' });
    expect(after).not.toEqual(before);
    expect(log.lines.join()).not.toMatch(/first word|other word/);
  });

  test('the days that are left stand in the metrics, and an end that is near in the log and on the console', async () => {
    const log = rememberingLog();
    const place = await opened({ tls: certificate }, log);
    const metrics = await (await fetch(`http://127.0.0.1:${place.healthPort}/metrics`)).text();
    const left = Number(/^wardgate_certificate_days_left (\S+)$/m.exec(metrics)?.[1]);
    expect(left).toBeGreaterThan(1);
    expect(left).toBeLessThanOrEqual(2);
    expect(log.lines.join('\n')).toMatch(/The certificate that people see: It ends on \d{4}-\d\d-\d\d, in 1 day/);
    const officer = await signIn(place, 'security', '/.wardgate/console', new CookieClient(ca));
    const page = await officer.page(`${place.origin}/.wardgate/console`);
    expect(page.text).toMatch(/<p class="notice bad" role="alert">The certificate of this address: It ends on .*, in 1 day; /);
  });

  test('what runs over TLS finishes when the gateway closes', async () => {
    const place = await clinic({ tls: certificate });
    open.push(() => place.close());
    const gateway = await openGateway(place);
    const client = await signIn(place, 'nurse', '/main', new CookieClient(ca));
    const slow = client.ask(`${place.origin}/slow?seconds=1`, { headers: script });
    await eventually(() => seenByEhr(place, '/slow') === 1, 'the slow page');
    await gateway.close();
    expect((await slow).text).toContain('This took 1 seconds');
    expect(records(place).at(-1)).toMatchObject({ event: 'stop' });
  });

  test('people who speak no TLS to the TLS port get nothing, and the gateway goes on', async () => {
    const { port } = await opened({ tls: certificate });
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
    expect(await handshake(port, { ca })).toMatchObject({ protocol: 'TLSv1.3' });
  });
});

openssl.describe('towards the EHR', () => {
  /** An EHR by https that says who it is, and how many requests it had. */
  async function secureEhr(name: string, names: readonly string[], signedBy?: CertificateFiles, address = '127.0.0.1') {
    const { certificate, key } = makeCertificate(folder, name, { names, ...(signedBy ? { authority: signedBy } : {}) });
    let requests = 0;
    const server: Server = createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, (request, response) => {
      requests += 1;
      response.end(`secure chart for host ${request.headers.host}`);
    });
    const lines = new WebSocketServer({ server });
    lines.on('connection', (line) => {
      requests += 1;
      line.send('secure line');
    });
    await new Promise<void>((resolve) => server.listen({ port: 0, host: address.replace(/^\[|\]$/g, '') }, resolve));
    open.push(async () => {
      for (const line of lines.clients) line.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    return { port: (server.address() as AddressInfo).port, requests: () => requests, certificate };
  }

  const lines = (trust: string | null): readonly string[] => [
    ...(trust === null ? [] : [`trust: ${trust}`]),
    'preset: legacy-demo',
    'signOn: none',
  ];

  async function chart(place: Clinic): Promise<{ status: number; text: string; line: string }> {
    const client = await signIn(place, 'nurse', '/main');
    const { status, text } = await client.ask(`${place.origin}/chart?pid=7`, { headers: script });
    const socket = new WebSocket(`${place.origin.replace('http', 'ws')}/ws/messages`, {
      headers: { cookie: client.cookieHeader(place.origin), origin: place.origin },
    });
    const line = await new Promise<string>((resolve) => {
      socket.once('message', (data) => resolve(data instanceof Buffer ? data.toString() : ''));
      socket.once('error', (cause) => resolve(cause.message));
    });
    socket.terminate();
    return { status, text, line };
  }

  test('a private authority named by trust is believed, for the name the EHR has', async () => {
    const ehr = await secureEhr('ehr-named', ['DNS:localhost'], authority);
    const place = await opened({ upstream: `https://localhost:${ehr.port}`, applicationLines: lines(authority.certificate) });
    const answer = await chart(place);
    expect(answer.status).toBe(200);
    // The Host header is the public one; the certificate was checked against the EHR's own name all the same.
    expect(answer.text).toBe(`secure chart for host localhost:${place.port}`);
    expect(answer.line).toBe('secure line');
  });

  test.each(['127.0.0.1', ...(hasIpv6 ? ['[::1]'] : [])])(
    'the address %s instead of a name is checked as an address',
    async (address) => {
      const ehr = await secureEhr(`ehr-by-address-${address.length}`, ['IP:127.0.0.1', 'IP:::1'], authority, address);
      const place = await opened({ upstream: `https://${address}:${ehr.port}`, applicationLines: lines(authority.certificate) });
      expect(await chart(place)).toMatchObject({ status: 200, line: 'secure line' });
    },
  );

  test.each`
    what                                    | names                    | trusted  | signed   | by
    ${'an authority nobody named'}          | ${['DNS:localhost']}     | ${false} | ${true}  | ${'localhost'}
    ${'itself'}                             | ${['DNS:localhost']}     | ${true}  | ${false} | ${'localhost'}
    ${'the authority, for another name'}    | ${['DNS:other.example']} | ${true}  | ${true}  | ${'localhost'}
    ${'the authority, for another address'} | ${['IP:10.20.0.5']}      | ${true}  | ${true}  | ${'127.0.0.1'}
  `(
    'a certificate signed by $what is 502, and the EHR has no request',
    async ({
      what,
      names,
      trusted,
      signed,
      by,
    }: {
      what: string;
      names: string[];
      trusted: boolean;
      signed: boolean;
      by: string;
    }) => {
      const ehr = await secureEhr(`ehr-${what.replaceAll(/\W+/g, '-')}`, names, signed ? authority : undefined);
      const log = rememberingLog();
      const applicationLines = lines(trusted ? authority.certificate : null);
      const place = await opened({ upstream: `https://${by}:${ehr.port}`, applicationLines }, log);
      const answer = await chart(place);
      expect(answer.status).toBe(502);
      expect(JSON.parse(answer.text)).toMatchObject({ reason: 'upstream-unreachable' });
      expect(answer.text).not.toMatch(/certificate|signed|altnames/i);
      expect(answer.line).toMatch(/502/);
      expect(ehr.requests()).toBe(0);
      // Whoever runs the gateway reads what is wrong and what to do; whoever works with it does not.
      expect(log.lines.join('\n')).toMatch(/The EHR is not believed: its certificate is (?:signed by|for) .*; (?:name|write) /);
    },
  );
});
