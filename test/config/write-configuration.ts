// Writes a pair of YAML files into a directory of their own, for the tests of the loader.

import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export interface WrittenConfiguration {
  readonly directory: string;
  readonly gateway: string;
  readonly rules: string;
  readonly presets: string;
}

/** The files, and a preset "small" whose areas the rules below use. Removed when the test is over. */
export async function writeConfiguration(gateway: string | Buffer, rules: string | Buffer): Promise<WrittenConfiguration> {
  const directory = await mkdtemp(join(tmpdir(), 'wardgate-config-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const written = {
    directory,
    gateway: join(directory, 'gateway.yaml'),
    rules: join(directory, 'rules.yaml'),
    presets: join(directory, 'presets'),
  };
  await mkdir(written.presets);
  await writeFile(join(written.presets, 'small.yaml'), smallPreset);
  await writeFile(written.gateway, gateway);
  await writeFile(written.rules, rules);
  return written;
}

export const smallPreset = `# Proven against: nothing, it serves the tests
describes: An EHR of three pages
denyAlways: [/setup/**]
areas:
  shell: [/main]
  chart:
    - { paths: [/chart], patient: [query.pid, session], category: chart }
  search: [/finder]
  letters: "/letters/{patient}"
sessionCookie: SID
`;

export const soundGateway = `clinic: { name: Northside, timezone: America/Chicago, hours: Mon-Fri 07:00-19:00, help: ext. 4357 }
zones:
  clinic: [10.20.0.0/16]
  desks: [10.20.5.0/24]
applications:
  ehr:
    address: http://localhost:8080
    upstream: http://127.0.0.1:8081
    preset: small
    signOn: none
signIn:
  provider: keycloak
  issuer: https://login.northside.example/realms/clinic
  clientId: wardgate
  clientSecretEnv: OIDC_SECRET
  recheckEvery: 15m
secondFactor: { methods: [totp], enrolFrom: clinic }
lock:
  everywhere: { after: 15m, endAfterLock: 30m, longest: 12h }
  desks: { after: 5m }
audit: { keep: 6y }
`;

export const soundRules = `mode: enforce
roles:
  physician: Clinic-Physicians
  nurse: Clinic-Nurses
  front-desk: Clinic-FrontDesk
rules:
  - { name: screens, area: ehr.shell, allow: everyone }
  - { name: find, area: ehr.search, allow: [physician, nurse, front-desk] }
  - { name: charts, area: ehr.chart, allow: [physician, nurse], emergency: front-desk }
  - name: letters
    paths: ["/letters/{patient}/**"]
    methods: [GET, POST]
    allow: physician
    patient: path.patient
downloads:
  everyone: { files: 30/hour, size: 200MB/day, patients: 60/hour, then: ask }
tests:
  - { as: nurse, get: "/chart?pid=7", expect: allowed }
`;

export const environment = { OIDC_SECRET: 'a secret for the tests' };
