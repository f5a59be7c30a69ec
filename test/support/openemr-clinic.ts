// A clinic whose EHR is the stand-in for OpenEMR, behind the gateway with the shipped preset and ten lines of rules. People
// sign in at the provider, type their EHR password once, and from then on everything that they were ever shown is kept, so
// that a test can look for what must not be in it.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateSync } from 'otplib';
import { openVaultFile } from '../../src/adapters/vault-file.ts';
import { loadConfiguration } from '../../src/config/load.ts';
import type { DemoPersona } from '../../src/demo/personas.ts';
import { startOpenEmr } from '../../src/demo/openemr/start-open-emr.ts';
import type { OpenEmr, OpenEmrOptions } from '../../src/demo/openemr/start-open-emr.ts';
import { startGateway } from '../../src/main.ts';
import type { Gateway } from '../../src/main.ts';
import { clinic, openGateway } from './clinic.ts';
import type { Clinic } from './clinic.ts';
import { roleLines } from './clinic-story.ts';
import type { Reply } from './cookie-client.ts';
import { records } from './demo-story.ts';
import { HearingClient } from './hearing-client.ts';
import { ShiftingClock } from './shifting-clock.ts';
import { rememberingLog } from './silent-log.ts';
import { filesBelow } from './files-below.ts';

export interface OpenEmrClinicOptions {
  /** 7 by default. */
  readonly version?: 5 | 7;
  /** The one that is made for the version, by default. */
  readonly preset?: 'openemr' | 'openemr-5';
  readonly openEmr?: Omit<OpenEmrOptions, 'version'>;
  /** After how long without activity a session ends; `10m` by default. */
  readonly idle?: string;
  readonly gatewayLines?: readonly string[];
  readonly personas?: readonly DemoPersona[];
  /** In place of budgets that nobody uses up. */
  readonly downloads?: string;
}

export interface OpenEmrClinic {
  readonly place: Clinic;
  readonly emr: OpenEmr;
  readonly clock: ShiftingClock;
  /** The one that runs now. */
  gateway(): Gateway;
  /** What the gateway told whoever runs it. */
  readonly told: readonly string[];
  /** The public address of a path below `/openemr`. */
  url(path: string): string;
  /** A browser of somebody who is signed in at the gateway and has not been to the EHR; its last page with it. */
  arrive(name: string, path?: string, client?: HearingClient): Promise<{ readonly client: HearingClient; readonly page: Reply }>;
  /** The same, at the EHR; the password is typed where it is asked for. The last page is where that led. */
  enter(name: string, password?: string): Promise<{ readonly client: HearingClient; readonly page: Reply }>;
  /** What IT does beforehand. */
  importPassword(name: string, password: string): void;
  /** Stops the gateway and starts it again on the same files. */
  restartGateway(): Promise<void>;
  records(): Record<string, unknown>[];
  /** Everything that stands in a file of the gateway, one text for each file; binary as latin1. */
  files(): ReadonlyMap<string, string>;
  close(): Promise<void>;
}

export const MAIN = '/interface/main/tabs/main.php';
export const CHART = '/interface/patient_file/summary/demographics.php';

const documentation = fileURLToPath(new URL('../../docs/presets.md', import.meta.url));

/** The lines that docs/presets.md tells people to copy into rules.yaml for this preset. */
function documentedRules(preset: string): string {
  const blocks = [...readFileSync(documentation, 'utf8').matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
  const rules = blocks[blocks.findIndex((block) => block.includes(`preset: ${preset}\n`)) + 1];
  if (rules?.includes('rules:\n') !== true) throw new Error(`docs/presets.md has no rules for "${preset}"`);
  return rules;
}

const roomyBudgets = 'downloads: { everyone: { files: 1000/hour, size: 1GB/day, patients: 1000/hour, then: refuse } }\n';

/** What people type as their EHR password where a test says nothing else. */
export const passwordOf = (name: string): string => `meadow-${name}`;

export async function openEmrClinic(options: OpenEmrClinicOptions = {}): Promise<OpenEmrClinic> {
  const version = options.version ?? 7;
  const preset = options.preset ?? (version === 5 ? 'openemr-5' : 'openemr');
  const emr = await startOpenEmr({ version, ...options.openEmr });
  const place = await clinic({
    rules: roleLines + documentedRules(preset) + (options.downloads ?? roomyBudgets),
    upstream: emr.origin,
    applicationLines: [`preset: ${preset}`, 'signOn: own-password'],
    gatewayLines: options.gatewayLines ?? [],
    ...(options.personas === undefined ? {} : { personas: options.personas }),
  });
  const lock = `lock: { everywhere: { after: ${options.idle ?? '10m'}, longest: 12h } }`;
  writeFileSync(place.file, readFileSync(place.file, 'utf8').replace(/^lock: .*$/m, lock));
  const clock = new ShiftingClock();
  const log = rememberingLog();
  let gateway = await openGateway(place, log, clock);
  const people = { place, clock };
  return {
    place,
    emr,
    clock,
    gateway: () => gateway,
    told: log.lines,
    url: (path) => `${place.origin}/openemr${path}`,
    arrive: (name, path = '/', client = new HearingClient()) => arrive(people, name, path, client),
    enter: async (name, password = passwordOf(name)) => {
      const { client, page } = await arrive(people, name, '/', new HearingClient());
      return { client, page: isAsked(page) ? await typePassword(client, page, name, password) : page };
    },
    importPassword: (name, password) => importPassword(place, gateway, name, password),
    async restartGateway() {
      await gateway.close();
      const loaded = await loadConfiguration(place.file);
      if (!loaded.ok) throw new Error(JSON.stringify(loaded.mistakes));
      gateway = await startGateway(loaded.configuration, log, clock);
    },
    records: () => records(place),
    files: () => textsBelow(place.directory),
    async close() {
      await gateway.close();
      await place.close();
      await emr.close();
    },
  };
}

/** Fills in the page that asks for the EHR's own name and password. Throws where the page is another one. */
export function typePassword(client: HearingClient, page: Reply, username: string, password: string): Promise<Reply> {
  if (!isAsked(page)) throw new Error(`No password is asked for at ${page.url}: ${page.text}`);
  return client.form(page.url, { username, password });
}

const isAsked = ({ url }: Reply): boolean => url.includes('/.wardgate/credential');

interface People {
  readonly place: Clinic;
  readonly clock: ShiftingClock;
}

/** Time is moved on beforehand, because a code counts once in half a minute. */
async function arrive({ place, clock }: People, name: string, path: string, client: HearingClient) {
  clock.forward({ seconds: 30 });
  const start = `${place.origin}/.wardgate/sign-in?login_hint=${name}&return=${encodeURIComponent(path)}`;
  const challenge = await client.page(start);
  const secret = place.personas.find((persona) => persona.name === name)?.totpSecret;
  if (typeof secret !== 'string') throw new Error(`Persona "${name}" has no second factor`);
  const code = generateSync({ secret, epoch: Math.floor(clock.now() / 1000) });
  const page = await client.form(challenge.url, { code });
  if (/\/\.wardgate\/(?:sign-in|callback|second-factor|enrol)/.test(page.url))
    throw new Error(`Signing in as ${name} ended at ${page.url}: ${page.text}`);
  return { client, page };
}

function importPassword(place: Clinic, gateway: Gateway, name: string, password: string): void {
  const vault = openVaultFile(join(place.directory, 'data'), gateway.composed.sealer);
  const credential = { username: name, password, more: {} };
  vault.importRows([{ issuer: place.provider.issuer, name, application: 'ehr', credential }]);
  vault.close();
}

function textsBelow(directory: string): ReadonlyMap<string, string> {
  return new Map([...filesBelow(directory)].map(([path, bytes]) => [path, bytes.toString('latin1')]));
}
