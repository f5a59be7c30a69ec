// A test that is skipped where a program is missing must say so, and must fail where the build machine promised it.

import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { requiredNames, requirement } from './support/requirements.ts';

const folder = mkdtempSync(join(tmpdir(), 'wardgate-requirements-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a requirement', () => {
  test('that is on the PATH is available, with its place', () => {
    const program = join(folder, 'redis-server');
    writeFileSync(program, '#!/bin/sh\n');
    chmodSync(program, 0o755);
    expect(requirement('redis', { PATH: `/nowhere:${folder}` })).toMatchObject({ available: true, path: program });
  });

  test('that is a file without the right to run is missing', () => {
    writeFileSync(join(folder, 'chromium'), 'no program', { mode: 0o644 });
    expect(requirement('chromium', { PATH: folder }).available).toBe(false);
  });

  test('of Keycloak is a folder that a variable names, and Java', () => {
    const [home, bin] = [join(folder, 'keycloak'), join(folder, 'bin')];
    for (const directory of [join(home, 'lib'), bin]) mkdirSync(directory, { recursive: true });
    writeFileSync(join(bin, 'java'), '#!/bin/sh\n', { mode: 0o755 });
    expect(requirement('keycloak', { PATH: bin, WARDGATE_KEYCLOAK: home }).available).toBe(false);
    writeFileSync(join(home, 'lib', 'quarkus-run.jar'), '');
    expect(requirement('keycloak', { PATH: bin, WARDGATE_KEYCLOAK: home })).toMatchObject({ available: true, path: home });
    expect(requirement('keycloak', { PATH: '/nowhere', WARDGATE_KEYCLOAK: home }).available).toBe(false);
    expect(requirement('keycloak', { PATH: bin }).available).toBe(false);
    expect(() => requirement('keycloak', { PATH: bin, WARDGATE_REQUIRE: 'keycloak' })).toThrow('WARDGATE_KEYCLOAK');
  });

  test('of HAPI is a folder that was filled to its end, and Java', () => {
    const [home, bin] = [join(folder, 'hapi'), join(folder, 'java')];
    for (const directory of [home, bin]) mkdirSync(directory);
    writeFileSync(join(bin, 'java'), '#!/bin/sh\n', { mode: 0o755 });
    expect(requirement('hapi', { PATH: bin, WARDGATE_HAPI: home }).available).toBe(false);
    writeFileSync(join(home, 'complete'), '');
    expect(requirement('hapi', { PATH: bin, WARDGATE_HAPI: home })).toMatchObject({ available: true, path: home });
    expect(requirement('hapi', { PATH: bin }).available).toBe(false);
    expect(() => requirement('hapi', { PATH: bin, WARDGATE_REQUIRE: 'hapi' })).toThrow('WARDGATE_HAPI');
  });

  test('of Helm is the one that a variable names, else the one on the PATH', () => {
    const [built, bin] = [join(folder, 'built-helm'), join(folder, 'with-helm')];
    expect(requirement('helm', { PATH: '/nowhere', WARDGATE_HELM: built }).available).toBe(false);
    mkdirSync(bin);
    for (const program of [built, join(bin, 'helm')]) writeFileSync(program, '#!/bin/sh\n', { mode: 0o755 });
    expect(requirement('helm', { PATH: bin, WARDGATE_HELM: built }).path).toBe(built);
    expect(requirement('helm', { PATH: bin }).path).toBe(join(bin, 'helm'));
    expect(() => requirement('helm', { PATH: '/nowhere', WARDGATE_REQUIRE: 'helm' })).toThrow('WARDGATE_HELM');
  });

  test('of the schemas of Kubernetes is a folder that was filled to its end, and Python', () => {
    const [home, bin] = [join(folder, 'kubernetes'), join(folder, 'python')];
    for (const directory of [home, bin]) mkdirSync(directory);
    writeFileSync(join(bin, 'python3'), '#!/bin/sh\n', { mode: 0o755 });
    expect(requirement('kubernetes', { PATH: bin, WARDGATE_KUBERNETES: home }).available).toBe(false);
    writeFileSync(join(home, 'complete'), '');
    expect(requirement('kubernetes', { PATH: bin, WARDGATE_KUBERNETES: home })).toMatchObject({ available: true, path: home });
    expect(requirement('kubernetes', { PATH: '/nowhere', WARDGATE_KUBERNETES: home }).available).toBe(false);
    expect(() => requirement('kubernetes', { PATH: bin, WARDGATE_REQUIRE: 'kubernetes' })).toThrow('WARDGATE_KUBERNETES');
  });

  test('that is missing is skipped, unless WARDGATE_REQUIRE names it', () => {
    expect(requirement('chromium', { PATH: '/nowhere' })).toMatchObject({ available: false });
    expect(requirement('chromium', { PATH: '/nowhere', WARDGATE_REQUIRE: 'redis, orthanc' }).available).toBe(false);
    expect(() => requirement('chromium', { PATH: '/nowhere', WARDGATE_REQUIRE: 'redis,chromium' })).toThrow(
      'Cannot find "chromium", which WARDGATE_REQUIRE demands: install chromium',
    );
  });
});

describe('WARDGATE_REQUIRE', () => {
  test.each([
    ['', []],
    ['redis', ['redis']],
    ['redis, chromium,,orthanc,tomcat', ['redis', 'chromium', 'orthanc', 'tomcat']],
  ])('"%s" names %j', (value, names) => {
    expect(requiredNames(value)).toEqual(names);
  });

  test('with a typing error demands nothing by accident: it is refused', () => {
    expect(() => requiredNames('redis,chromiun')).toThrow(
      'names "chromiun", which is not one of redis, chromium, orthanc, tomcat',
    );
  });
});
