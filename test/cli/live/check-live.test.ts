// `wardgate check --live` over a whole clinic: an EHR and a provider of this process, the gateway by https, certificates made by
// openssl. What is well is said to be; what is broken is named with its fix and stops none of the other lines.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { check } from '../../../src/cli/check.ts';
import { freePort } from '../../../src/demo/free-port.ts';
import { startBadProvider } from '../../support/bad-provider.ts';
import { makeCertificate } from '../../support/certificate.ts';
import type { CertificateFiles } from '../../support/certificate.ts';
import { clinic, openGateway } from '../../support/clinic.ts';
import type { Clinic, ClinicOptions } from '../../support/clinic.ts';
import { records } from '../../support/demo-story.ts';
import { liveFiles } from '../../support/live-configuration.ts';
import { requirement } from '../../support/requirements.ts';
import { tlsRelay } from '../../support/tls-relay.ts';

const openssl = requirement('openssl');
let folder = '';
let certificate: CertificateFiles;
const open: (() => Promise<unknown>)[] = [];

beforeAll(() => {
  if (!openssl.available) return;
  folder = mkdtempSync(join(tmpdir(), 'wardgate-live-'));
  certificate = makeCertificate(folder, 'gateway', { days: 90 });
});
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});
afterAll(() => {
  if (folder !== '') rmSync(folder, { recursive: true, force: true });
});

async function place(options: ClinicOptions = {}): Promise<Clinic> {
  const made = await clinic(options);
  open.push(() => made.close());
  return made;
}

async function run(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await check(args, { out: (line) => out.push(line), err: (line) => err.push(line) });
  return { code, out, err };
}

/** `ok dns ehr` and so on, without what is said. */
function verdicts(out: readonly string[]): readonly string[] {
  return out.flatMap((line) => {
    const [, verdict, about] = /^(ok|warning|FAILED|not seen) +([^:]+):/.exec(line) ?? [];
    return verdict === undefined || about === undefined ? [] : [`${verdict} ${about.split(' /')[0]}`];
  });
}

const wellLines = [
  'ok dns ehr',
  'warning certificate',
  'ok address ehr',
  'ok clock provider',
  'ok clock ehr',
  'ok provider',
  'ok issuer',
  'ok keys',
  'ok pkce',
  'ok logout',
  'ok client',
  'ok redirect ehr',
  'ok ehr ehr',
  'not seen sign-on ehr',
  'ok door ehr',
  'ok redis',
  'not seen sign-in',
];

/** How fast the disk of a test machine is, is nobody's business. */
const withoutDisk = (lines: readonly string[]): readonly string[] => lines.filter((line) => !line.includes(' disk-'));

openssl.describe('a clinic', () => {
  test('in which all is well has one line for each thing, and nothing failed', async () => {
    const made = await place({ tls: certificate });
    const gateway = await openGateway(made);
    open.push(() => gateway.close());
    const before = records(made).length;
    const { out, err } = await run('--live', '--config', made.file);
    expect(err).toEqual([]);
    expect(out[0]).toMatch(/gateway\.yaml:2:\d+: Warning: Certificate/);
    expect(withoutDisk(verdicts(out))).toEqual(wellLines);
    expect(out.filter((line) => line.includes(' disk-'))).toHaveLength(2);
    expect(out.at(-1)).toMatch(/^(?:Nothing|1) failed, /);
    // Looking at the gateway is no access, and nobody has signed in.
    expect(records(made).length).toBe(before);
  });

  test('tells scripts the same as JSON', async () => {
    const made = await place({ tls: certificate });
    const gateway = await openGateway(made);
    open.push(() => gateway.close());
    const { out } = await run('--live', '--json', '--config', made.file);
    expect(out).toHaveLength(1);
    const told = JSON.parse(out[0] ?? '') as { live: { probe: string; of: string | null; verdict: string }[] };
    expect(told).toMatchObject({ ok: true, mistakes: [], claims: null, closing: [] });
    const words = { ok: 'ok', warning: 'warning', failed: 'FAILED', unknown: 'not seen' };
    const lines = told.live.map(({ probe, of, verdict }) => `${words[verdict as 'ok']} ${probe}${of === null ? '' : ` ${of}`}`);
    expect(withoutDisk(lines)).toEqual(wellLines);
  });

  test('in which nothing runs is told thing by thing, each with its fix', async () => {
    const made = await place({ tls: certificate });
    await made.ehr.close();
    await made.provider.close();
    const { code, out } = await run('--live', '--config', made.file);
    expect(code).toBe(1);
    expect(withoutDisk(verdicts(out))).toEqual([
      'ok dns ehr',
      'warning certificate',
      'not seen address ehr',
      'not seen clock provider',
      'not seen clock ehr',
      'FAILED provider',
      'not seen client',
      'FAILED ehr ehr',
      'ok door ehr',
      'ok redis',
      'not seen sign-in',
    ]);
    expect(out.filter((line) => line.startsWith('FAILED')).every((line) => line.includes('; '))).toBe(true);
    expect(out.join('\n')).toMatch(/address ehr: Nothing can be seen at https:.*start the gateway/);
  });

  test('whose certificate and its gateway part is told', async () => {
    const used = { certificate: join(folder, 'used.pem'), key: join(folder, 'used.key') };
    for (const [from, to] of [
      [certificate.certificate, used.certificate],
      [certificate.key, used.key],
    ] as const) {
      writeFileSync(to, readFileSync(from));
    }
    const made = await place({ tls: used });
    const gateway = await openGateway(made);
    const other = makeCertificate(folder, 'other', { names: ['DNS:other.example'], days: 90 });
    // For another name, so that the running gateway keeps the one that it has.
    writeFileSync(used.key, readFileSync(other.key));
    writeFileSync(used.certificate, readFileSync(other.certificate));
    const { code, out } = await run('--live', '--config', made.file);
    await gateway.close();
    expect(code).toBe(1);
    expect(out.join('\n')).toMatch(/^FAILED {3}certificate: It is not for "localhost": it is for "other\.example"; /m);
    expect(out.join('\n')).toMatch(
      /^warning {2}address ehr: .* with another certificate \(serial [0-9A-F]+\) than the files hold; /m,
    );
  });

  test('at whose address something else answers is told', async () => {
    const made = await place();
    const { createServer } = await import('node:http');
    const other = createServer((_request, response) => response.end('<html>Welcome to nginx</html>'));
    await new Promise<void>((resolve) => other.listen(made.port, '127.0.0.1', resolve));
    open.push(() => new Promise<void>((resolve) => other.close(() => resolve())));
    const { out } = await run('--live', '--config', made.file);
    expect(out.join('\n')).toMatch(/^FAILED {3}address ehr: Something else than the gateway answers at http:/m);
    expect(out.join('\n')).toMatch(/^ok {7}certificate: None is needed/m);
  });

  test('behind a proxy that ends TLS is looked at through it', async () => {
    const made = await place();
    const gateway = await openGateway(made);
    open.push(() => gateway.close());
    const port = await tlsRelay(certificate, made.port);
    const text = readFileSync(made.file, 'utf8')
      .replace(made.origin, `https://localhost:${port}`)
      .replace(/listen: \{ host: 127\.0\.0\.1,/, '$& tlsEndedBy: [127.0.0.1],');
    writeFileSync(made.file, text);
    const { out } = await run('--live', '--config', made.file);
    expect(out.join('\n')).toMatch(/^ok {7}certificate: The proxy in front has it/m);
    expect(out.join('\n')).toMatch(/address ehr: (?:It is signed by itself|Something else)/);
  });

  test('with mistakes in its files is not looked at', async () => {
    const made = await place();
    writeFileSync(made.file, `${readFileSync(made.file, 'utf8')}surprise: yes\n`);
    const { code, out } = await run('--live', '--config', made.file);
    expect(code).toBe(1);
    expect(verdicts(out)).toEqual([]);
    expect(out.join('\n')).toContain('1 mistake, nothing would be used');
  });

  test('shows the claims of a sign-in, and invites to it beside what a script reads', async () => {
    const provider = await startBadProvider();
    const file = liveFiles({ issuer: provider.issuer, address: `http://localhost:${await freePort()}` });
    const text = readFileSync(file, 'utf8');
    const [, port = ''] = /address: http:\/\/localhost:(\d+)/.exec(text) ?? [];
    writeFileSync(file, `${text}listen: { port: ${port} }\n`);
    for (const json of [[], ['--json']]) {
      const out: string[] = [];
      const invited: string[] = [];
      await check(['--live', '--sign-in', ...json, '--config', file], {
        out: (line) => out.push(line),
        err: (line) => {
          invited.push(line);
          void fetch(line.replace(/^.*: (?=http)/, ''));
        },
      });
      expect(invited).toEqual([
        expect.stringMatching(/^Sign in within five minutes at: http:\/\/localhost:\d+\/\.wardgate\/sign-in\?check=/),
      ]);
      if (json.length > 0) expect(JSON.parse(out.join(''))).toMatchObject({ claims: { sub: 'ada', groups: ['Clinic-Nurses'] } });
      else expect(out.join('\n')).toMatch(/^The claims that came:\n(?: {2}.*\n)* {2}groups: \["Clinic-Nurses"\]$/m);
    }
  });
});

test('a door is tried without any configuration', async () => {
  const closed = await run('--door', `http://127.0.0.1:${await freePort()}`);
  expect(closed).toMatchObject({
    code: 0,
    out: [expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+: Closed: the connection is refused\n/)],
  });
  const provider = await startBadProvider();
  const opened = await run('--door', provider.issuer, '--json');
  expect(opened.code).toBe(1);
  expect(JSON.parse(opened.out[0] ?? '')).toMatchObject({ door: provider.issuer, verdict: 'open' });
});

test.each<readonly [args: readonly string[], says: RegExp]>([
  [['--sign-in'], /^Option --sign-in belongs to --live/],
  [['--live', '--door', 'http://ehr'], /stand together, keep one/],
  [['--door', 'ehr'], /^Door "ehr" is not an address/],
  [['--live', '--config', 'absent.yaml'], /"absent\.yaml" does not exist/],
  [['--alive'], /alive/],
])('%j is wrong usage', async (args, says) => {
  const { code, out, err } = await run(...args);
  expect({ code, out }).toEqual({ code: 2, out: [] });
  expect(err[0]).toMatch(says);
  expect(err[0]).toContain('wardgate check --live');
});
