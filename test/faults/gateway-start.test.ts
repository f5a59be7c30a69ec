// What keeps the gateway from starting is told in one clear line each, ends with exit code 1, and leaves nothing running.

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { clinic } from '../support/clinic.ts';
import type { Clinic } from '../support/clinic.ts';
import { command, endCommands, gatewayProcess } from '../support/command.ts';
import type { CommandOptions } from '../support/command.ts';
import { makeCertificate } from '../support/certificate.ts';
import { requirement } from '../support/requirements.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

let place: Clinic;

beforeAll(async () => {
  place = await clinic();
});
afterEach(endCommands);
afterAll(async () => place.close());

/** A copy of the sound gateway.yaml with something else in it. */
function changed(from: string, to: string): string {
  const text = readFileSync(place.file, 'utf8');
  if (!text.includes(from)) throw new Error(`gateway.yaml does not hold "${from}"`);
  const file = join(place.directory, `changed-${Math.random().toString(36).slice(2)}.yaml`);
  writeFileSync(
    file,
    text.replace(from, () => to),
  );
  return file;
}

/** Runs `start` until it ends by itself and returns what it said on standard error. */
async function refusedStart(config: string, options: CommandOptions = {}): Promise<string[]> {
  const started = command(['start', '--config', config], options);
  const { code, signal } = await started.ended;
  const lines = started.stderr().trimEnd().split('\n');
  expect({ code, signal, lines }).toMatchObject({ code: 1, signal: null });
  expect(lines.filter((line) => /^\s+at |node:internal|\bError:/.test(line))).toEqual([]);
  expect(place.ehr.requests()).toEqual([]);
  return lines;
}

describe('the configuration', () => {
  test('that is no YAML is refused with file, line and column', async () => {
    const lines = await refusedStart(changed('clinic: { name', 'clinic: { name: [unclosed, name'));
    expect(lines[0]).toMatch(/^.*changed-\w+\.yaml:\d+:\d+: \S/);
  });

  test('with an unknown key is refused, and the right one is suggested', async () => {
    const lines = await refusedStart(changed('secondFactor:', 'secondFacter:'));
    expect(lines.join('\n')).toMatch(/:\d+:\d+: .*secondFacter.*secondFactor/);
  });

  test('that is not there is named', async () => {
    const lines = await refusedStart(join(place.directory, 'absent.yaml'));
    expect(lines[0]).toMatch(/absent\.yaml/);
  });

  test('naming a secret file that is missing is refused with its line', async () => {
    const lines = await refusedStart(changed('clientSecretFile: client-secret', 'clientSecretFile: no-such-secret'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/:\d+:\d+: .*no-such-secret/);
  });

  test('naming a variable that is not set is refused with its line', async () => {
    const lines = await refusedStart(changed('clientSecretFile: client-secret', 'clientSecretEnv: WARDGATE_NO_SUCH_SECRET'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/:\d+:\d+: .*WARDGATE_NO_SUCH_SECRET/);
  });

  test('naming an authority that is missing is refused with its line', async () => {
    const lines = await refusedStart(changed('preset: legacy-demo', 'trust: no-such-ca.pem\n    preset: legacy-demo'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/:\d+:\d+: .*no-such-ca\.pem/);
  });
});

describe('certificates', () => {
  function secured(certificate: string, key: string): string {
    const file = changed(`address: ${place.origin}`, `address: ${place.origin.replace('http:', 'https:')}`);
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('health:', `certificate: ${certificate}, keyFile: ${key}, health:`));
    return file;
  }

  test('that are missing are named', async () => {
    const lines = await refusedStart(secured('no-cert.pem', 'no-key.pem'));
    expect(lines.join('\n')).toMatch(/no-cert\.pem/);
    expect(lines.length).toBeLessThanOrEqual(2);
  });

  test('that are not given for an https address are asked for', async () => {
    const lines = await refusedStart(changed(`address: ${place.origin}`, `address: ${place.origin.replace('http:', 'https:')}`));
    expect(lines.join('\n')).toMatch(/certificate/);
  });

  requirement('openssl').describe('in a pair', () => {
    test('that do not belong to their key are told apart', async () => {
      const directory = temporaryDirectory();
      const one = makeCertificate(directory, 'one');
      const other = makeCertificate(directory, 'other');
      const lines = await refusedStart(secured(one.certificate, other.key));
      expect(lines).toHaveLength(1);
      expect(lines[0]).toContain(one.certificate);
    });

    test('that are not PEM are told apart', async () => {
      const directory = temporaryDirectory();
      const { certificate, key } = makeCertificate(directory, 'one');
      writeFileSync(certificate, 'not a certificate\n');
      const lines = await refusedStart(secured(certificate, key));
      expect(lines).toHaveLength(1);
      expect(lines[0]).toContain(certificate);
    });
  });
});

describe('the runtime', () => {
  test.each`
    how               | options
    ${'NODE_OPTIONS'} | ${{ env: { NODE_OPTIONS: '--insecure-http-parser' } }}
    ${'a flag'}       | ${{ flags: ['--insecure-http-parser'] }}
  `('with the strict parser switched off by $how is refused', async ({ options }: { options: CommandOptions }) => {
    const lines = await refusedStart(place.file, options);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('--insecure-http-parser');
  });

  test('that would allow old TLS is refused', async () => {
    const lines = await refusedStart(place.file, { env: { NODE_OPTIONS: '--tls-min-v1.0' } });
    expect(lines[0]).toContain('--tls-min-v1.0');
  });

  test('that would believe every certificate is refused', async () => {
    const lines = await refusedStart(place.file, { env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } });
    expect(lines.at(0)).toContain('NODE_TLS_REJECT_UNAUTHORIZED');
  });
});

describe('a port in use', () => {
  test.each(['port', 'healthPort'] as const)('is named: %s', async (which) => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen({ port: place[which], host: '127.0.0.1' }, resolve));
    try {
      const lines = await refusedStart(place.file);
      expect(lines).toHaveLength(1);
      expect(lines[0]).toContain(String((taken.address() as AddressInfo).port));
      expect(lines[0]).toMatch(/in use/);
    } finally {
      await new Promise((resolve) => taken.close(resolve));
    }
  });
});

describe('the data', () => {
  test('in use by another gateway are refused, naming its process', async () => {
    const first = await gatewayProcess(place.file);
    const lines = await refusedStart(place.file);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`process ${first.pid}`);
    expect(await first.end()).toEqual({ code: 0, signal: null });
  });

  test('in use by another gateway are refused also where the audit lies elsewhere', async () => {
    const first = await gatewayProcess(place.file);
    const lines = await refusedStart(changed('audit: { keep: 6y }', 'audit: { keep: 6y, directory: other-audit }'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`process ${first.pid}`);
    expect(await first.end()).toEqual({ code: 0, signal: null });
  });

  test('without the key that sealed them are refused', async () => {
    const key = join(place.directory, 'data', 'master.key');
    const kept = readFileSync(key);
    rmSync(key);
    try {
      const lines = await refusedStart(place.file);
      expect(lines).toHaveLength(1);
      expect(lines[0]).toContain(key);
    } finally {
      writeFileSync(key, kept, { mode: 0o600 });
    }
  });

  test('that are no database are refused', async () => {
    const broken = changed('audit: { keep: 6y }', 'audit: { keep: 6y }\ndata: broken-data');
    const first = await gatewayProcess(broken);
    await first.end();
    const database = join(place.directory, 'broken-data', 'sessions.db');
    writeFileSync(database, 'this is no database, not even nearly\n'.repeat(400));
    for (const tail of ['-wal', '-shm']) rmSync(database + tail, { force: true });
    const lines = await refusedStart(broken);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/sessions\.db/);
  });
});

test('wrong usage is told apart from a refusal', async () => {
  const { ended, stderr } = command(['start', '--confg', 'x']);
  expect(await ended).toEqual({ code: 2, signal: null });
  expect(stderr()).toContain('Usage:');
});
