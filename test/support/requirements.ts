// Finds the real programs that some tests need. What is missing is skipped and named; with WARDGATE_REQUIRE it is a
// failure instead, so that a build machine cannot quietly test less than it claims.

import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe } from 'vitest';

export type RequirementName =
  | 'redis'
  | 'chromium'
  | 'orthanc'
  | 'tomcat'
  | 'postgres'
  | 'haproxy'
  | 'openssl'
  | 'strace'
  | 'keycloak'
  | 'systemd'
  | 'hapi'
  | 'helm'
  | 'kubernetes';

export interface Requirement {
  readonly available: boolean;
  /** The program, or the home directory of Tomcat, Keycloak, HAPI or Kubernetes' schemas. */
  readonly path?: string;
  /** `describe` where it is available, else a skip that names what is missing. */
  readonly describe: (title: string, tests: () => void) => void;
}

/** Where each program may be: names on the PATH, then fixed places of Debian and other systems. */
const places: Readonly<Record<RequirementName, { readonly names: readonly string[]; readonly paths: readonly string[] }>> = {
  redis: { names: ['redis-server'], paths: [] },
  chromium: { names: ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'], paths: [] },
  orthanc: { names: ['Orthanc'], paths: ['/usr/sbin/Orthanc'] },
  tomcat: { names: [], paths: ['/usr/share/tomcat10/bin/catalina.sh'] },
  // Debian keeps the server's programs off the PATH, by version.
  postgres: { names: ['postgres'], paths: [17, 16, 15, 14].map((version) => `/usr/lib/postgresql/${version}/bin/postgres`) },
  haproxy: { names: ['haproxy'], paths: ['/usr/sbin/haproxy'] },
  openssl: { names: ['openssl'], paths: [] },
  strace: { names: ['strace'], paths: [] },
  systemd: { names: ['systemd-analyze'], paths: [] },
  // In no package: the folder is told by WARDGATE_KEYCLOAK, and `.ci/run` fills one. It runs on Java.
  keycloak: { names: ['java'], paths: [] },
  // The same, with a folder of jars in WARDGATE_HAPI.
  hapi: { names: ['java'], paths: [] },
  // Built by `.ci/run` where it is not installed, and told by WARDGATE_HELM.
  helm: { names: ['helm'], paths: [] },
  // Kubernetes' own schemas with a reader in Python, in the folder that WARDGATE_KUBERNETES tells.
  kubernetes: { names: ['python3'], paths: [] },
};

/** What is in no package. */
const homes: Partial<Record<RequirementName, (environment: NodeJS.ProcessEnv) => string | null>> = {
  keycloak: keycloakHome,
  hapi: hapiHome,
  helm: helmProgram,
  kubernetes: kubernetesHome,
};

/** Looks for a program. Throws where WARDGATE_REQUIRE names it and it is missing, or names one that nobody knows. */
export function requirement(name: RequirementName, environment: NodeJS.ProcessEnv = process.env): Requirement {
  const home = homes[name];
  const path = home === undefined ? find(name, environment.PATH ?? '') : home(environment);
  if (path !== null) return { available: true, path, describe };
  if (requiredNames(environment.WARDGATE_REQUIRE ?? '').includes(name)) {
    throw new Error(`Cannot find "${name}", which WARDGATE_REQUIRE demands: ${howToGet(name)}`);
  }
  return { available: false, describe: (title, tests) => describe.skip(`${title} (skipped: ${name} is not installed)`, tests) };
}

function howToGet(name: RequirementName): string {
  if (name === 'keycloak') return 'let WARDGATE_KEYCLOAK name the folder of one, as .ci/run does, and install java';
  if (name === 'hapi') return 'let WARDGATE_HAPI name a folder of its jars, as .ci/run does, and install java';
  if (name === 'helm') return 'install helm, or let WARDGATE_HELM name one, as .ci/run does';
  if (name === 'kubernetes') return 'let WARDGATE_KUBERNETES name a folder of its schemas, as .ci/run does, and install python3';
  return `install ${places[name].names[0] ?? name}`;
}

/** The names in WARDGATE_REQUIRE. A name with a typing error would demand nothing, so it is refused. */
export function requiredNames(value: string): readonly RequirementName[] {
  const names = value.split(',').map((name) => name.trim());
  return names.filter((name) => name !== '').map(known);
}

function known(name: string): RequirementName {
  const names = Object.keys(places);
  if (names.includes(name)) return name as RequirementName;
  throw new Error(`WARDGATE_REQUIRE names "${name}", which is not one of ${names.join(', ')}`);
}

function find(name: RequirementName, searchPath: string): string | null {
  const onPath = places[name].names.flatMap((program) => searchPath.split(delimiter).map((folder) => join(folder, program)));
  const found = onPath.find(isProgram) ?? places[name].paths.find(isProgram) ?? null;
  return name === 'tomcat' && found !== null ? homeOf(found) : found;
}

/** Null without Java, or where the folder holds none that has been built. */
function keycloakHome({ WARDGATE_KEYCLOAK: home = '', PATH = '' }: NodeJS.ProcessEnv): string | null {
  const isThere = existsSync(join(home, 'lib', 'quarkus-run.jar'));
  return home !== '' && isThere && find('keycloak', PATH) !== null ? home : null;
}

/** Null without Java, or where the folder holds none of what `test/support/java/pom.xml` names. */
function hapiHome({ WARDGATE_HAPI: home = '', PATH = '' }: NodeJS.ProcessEnv): string | null {
  const isThere = home !== '' && existsSync(join(home, 'complete'));
  return isThere && find('hapi', PATH) !== null ? home : null;
}

/** The one that was built for the tests, else the one that is installed. */
function helmProgram({ WARDGATE_HELM: built = '', PATH = '' }: NodeJS.ProcessEnv): string | null {
  return built !== '' && isProgram(built) ? built : find('helm', PATH);
}

/** Null without Python, or where the folder holds no schemas that were fetched to their end. */
function kubernetesHome({ WARDGATE_KUBERNETES: home = '', PATH = '' }: NodeJS.ProcessEnv): string | null {
  const isThere = home !== '' && existsSync(join(home, 'complete'));
  return isThere && find('kubernetes', PATH) !== null ? home : null;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return existsSync(path);
  } catch {
    return false;
  }
}

/** `…/tomcat10/bin/catalina.sh` → `…/tomcat10`. */
function homeOf(script: string): string {
  return join(script, '..', '..');
}
