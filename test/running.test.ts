// What a clinic starts the gateway with: the systemd unit and compose.yaml give it no more of the machine than it needs, and
// say the same as the image and the program do.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { shippedFlags } from '../bench/shipped-flags.ts';
import { requirement } from './support/requirements.ts';

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const unitFile = new URL('../systemd/wardgate.service', import.meta.url).pathname;
const image = read('Dockerfile');
/** The commented file shows the defaults. */
const drainSeconds = Number(/^ {2}drain: (\d+)s /m.exec(read('config/gateway.yaml'))?.[1]);

describe('the systemd unit', () => {
  const lines = read('systemd/wardgate.service').split('\n');
  const valuesOf = (key: string): readonly string[] =>
    lines.filter((line) => line.startsWith(`${key}=`)).map((line) => line.slice(key.length + 1));

  test('starts the program as the image does', () => {
    const [command = ''] = valuesOf('ExecStart');
    expect(shippedFlags.length).toBeGreaterThan(0);
    expect(command.split(' ').filter((word) => word.startsWith('--'))).toEqual([...shippedFlags, '--config']);
    expect(command).toContain('/opt/wardgate/dist/cli/main.js start --config /etc/wardgate/gateway.yaml');
  });

  test('waits until requests have finished', () => {
    expect(Number(valuesOf('TimeoutStopSec')[0])).toBeGreaterThan(drainSeconds + 10);
  });

  test('is no user of this machine but its own, and writes to its own place', () => {
    expect([valuesOf('User'), valuesOf('StateDirectory'), valuesOf('ProtectSystem')]).toEqual([
      ['wardgate'],
      ['wardgate'],
      ['strict'],
    ]);
    expect(valuesOf('ReadWritePaths')).toEqual([]);
    expect(valuesOf('CapabilityBoundingSet')).toEqual(['CAP_NET_BIND_SERVICE']);
  });

  requirement('systemd').describe('in the eyes of systemd', () => {
    test('has no line that it does not know', () => {
      const { stderr } = spawnSync('systemd-analyze', ['verify', unitFile], { encoding: 'utf8' });
      const told = stderr.split('\n').filter((line) => line.includes('wardgate.service'));
      expect(told.filter((line) => !line.includes('/opt/wardgate/node_modules/.bin/node is not executable'))).toEqual([]);
    });

    test('is exposed little', () => {
      const { stdout } = spawnSync('systemd-analyze', ['security', '--offline=true', unitFile], { encoding: 'utf8' });
      const level = Number(/exposure level for wardgate\.service: ([\d.]+)/.exec(stdout)?.[1]);
      expect(level).toBeLessThanOrEqual(2);
    });
  });
});

describe('compose.yaml', () => {
  const { services, volumes, secrets } = parse(read('compose.yaml')) as {
    readonly services: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    readonly volumes: object;
    readonly secrets: object;
  };
  const service = services['wardgate'] ?? {};

  test('runs without privilege on a read-only root, under one host name', () => {
    expect(service).toMatchObject({
      hostname: 'wardgate',
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      user: /^USER (.+)$/m.exec(image)?.[1],
    });
    expect(service).not.toHaveProperty('privileged');
  });

  test('maps a port that the image exposes, and keeps what the image keeps', () => {
    const [port = ''] = service['ports'] as string[];
    expect(/^EXPOSE (.+)$/m.exec(image)?.[1]?.split(' ')).toContain(port.split(':')[1]);
    const places = (service['volumes'] as string[]).map((one) => one.split(':'));
    expect(places).toContainEqual(['data', /^VOLUME (.+)$/m.exec(image)?.[1]]);
    expect(places).toContainEqual(['./clinic', '/etc/wardgate', 'ro']);
    expect([Object.keys(volumes), Object.keys(secrets)]).toEqual([['data'], service['secrets']]);
  });

  test('waits until requests have finished', () => {
    expect(Number.parseInt(String(service['stop_grace_period']), 10)).toBeGreaterThan(drainSeconds + 10);
  });
});
