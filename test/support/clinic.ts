// A clinic without its gateway: the EHR and the identity provider run in this process, the two files are written, and a
// test starts the gateway itself, in this process or as a child that it may kill.

import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfiguration } from '../../src/config/load.ts';
import { renderMistake } from '../../src/config/mistake.ts';
import { startDemoEhr } from '../../src/demo/ehr/start-demo-ehr.ts';
import type { DemoEhr, DemoEhrOptions } from '../../src/demo/ehr/start-demo-ehr.ts';
import { freePort } from '../../src/demo/free-port.ts';
import { createPersonas } from '../../src/demo/personas.ts';
import type { DemoPersona } from '../../src/demo/personas.ts';
import { startDemoProvider } from '../../src/demo/provider/start-demo-provider.ts';
import type { DemoProvider } from '../../src/demo/provider/start-demo-provider.ts';
import { startGateway } from '../../src/main.ts';
import type { Gateway } from '../../src/main.ts';
import type { Clock, OperationsLog } from '../../src/ports.ts';
import { atAnyHour } from './demo-story.ts';
import { enrolWithoutAsking } from '../../src/sign-in/enrol-without-asking.ts';
import { silentLog } from './silent-log.ts';

export interface ClinicOptions {
  /** Text of rules.yaml; the shipped one otherwise. */
  readonly rules?: string;
  /** More lines of gateway.yaml, at its top level. */
  readonly gatewayLines?: readonly string[];
  /** The application's lines beside address and upstream. */
  readonly applicationLines?: readonly string[];
  /** Where the EHR is, when it is not the demo's. */
  readonly upstream?: string;
  /** PEM files, or a PFX and the file of its passphrase; the gateway's address is https then. */
  readonly tls?: { readonly certificate: string; readonly key?: string; readonly passphrase?: string };
  /** Further keys below `listen`, as they stand within its braces. */
  readonly listen?: string;
  readonly ehr?: Partial<DemoEhrOptions>;
  /** A second application, at the number of this machine in the place of its name: another host, with cookies of its own. */
  readonly second?: { readonly name: string; readonly upstream: string; readonly lines: readonly string[] };
  /** The lines of `signIn` and `secondFactor`, where the provider is not the demo's. */
  readonly signInLines?: readonly string[];
  /** In the place of codes alone, with the demo's provider. */
  readonly factorMethods?: readonly string[];
  /** Text of alerts.yaml. */
  readonly alerts?: string;
  /** The people; those of the demo otherwise. */
  readonly personas?: readonly DemoPersona[];
}

export interface Clinic {
  readonly origin: string;
  /** Of the second application. */
  readonly secondOrigin: string;
  readonly port: number;
  readonly healthPort: number;
  readonly directory: string;
  /** gateway.yaml. */
  readonly file: string;
  readonly auditDirectory: string;
  readonly personas: readonly DemoPersona[];
  readonly ehr: DemoEhr;
  readonly provider: DemoProvider;
  /** Ends the EHR and the provider and removes the directory. */
  readonly close: () => Promise<void>;
}

const shippedRules = fileURLToPath(new URL('../../config/rules.yaml', import.meta.url));

export async function clinic(options: ClinicOptions = {}): Promise<Clinic> {
  const directory = mkdtempSync(join(tmpdir(), 'wardgate-clinic-'));
  const [port, healthPort] = [await freePort(), await freePort()];
  const origin = `${options.tls ? 'https' : 'http'}://localhost:${port}`;
  const secondOrigin = `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}`;
  const secret = randomBytes(24).toString('base64url');
  const personas = options.personas ?? createPersonas();
  const ehr = await startDemoEhr({ signOn: 'any', faults: true, ...options.ehr });
  const provider = await startDemoProvider({ personas, clients: [client([origin, secondOrigin], secret)] });
  const upstream = options.upstream ?? ehr.origin;
  const file = join(directory, 'gateway.yaml');
  writeFileSync(join(directory, 'client-secret'), secret, { mode: 0o600 });
  writeFileSync(file, gatewayYaml(options, { origin, port, healthPort, upstream, issuer: provider.issuer }));
  if (options.rules === undefined) copyFileSync(shippedRules, join(directory, 'rules.yaml'));
  else writeFileSync(join(directory, 'rules.yaml'), options.rules);
  writeFileSync(join(directory, 'alerts.yaml'), options.alerts ?? atAnyHour);
  const close = async (): Promise<void> => {
    await ehr.close();
    await provider.close();
    rmSync(directory, { recursive: true, force: true });
  };
  const auditDirectory = join(directory, 'data', 'audit');
  return { origin, secondOrigin, port, healthPort, directory, file, auditDirectory, personas, ehr, provider, close };
}

/** Starts the gateway in this process and enrols the personas. Throws every mistake in words. */
export async function openGateway(place: Clinic, log: OperationsLog = silentLog, time?: Clock): Promise<Gateway> {
  const loaded = await loadConfiguration(place.file);
  if (!loaded.ok) throw new Error(loaded.mistakes.map(renderMistake).join('\n'));
  const gateway = await startGateway(loaded.configuration, log, time);
  const { state, sealer, clock } = gateway.composed;
  const needs = { factors: state.factors, sealer, clock };
  for (const { name, totpSecret } of place.personas) {
    if (totpSecret !== null) await enrolWithoutAsking(needs, { issuer: place.provider.issuer, sub: name }, totpSecret);
  }
  return gateway;
}

function client(origins: readonly string[], clientSecret: string) {
  return {
    clientId: 'wardgate',
    clientSecret,
    redirectUris: origins.map((origin) => `${origin}/.wardgate/callback`),
    postLogoutRedirectUris: origins.map((origin) => `${origin}/.wardgate/signed-out`),
    backChannelLogoutUri: `${origins[0] ?? ''}/.wardgate/backchannel-logout`,
  };
}

function demoSignIn(issuer: string, methods: readonly string[] = ['totp']): readonly string[] {
  return [
    `signIn: { provider: generic, issuer: "${issuer}", clientId: wardgate, clientSecretFile: client-secret, takeOver: never }`,
    `secondFactor: { methods: [${methods.join(', ')}], enrolFrom: clinic }`,
  ];
}

interface Places {
  readonly origin: string;
  readonly port: number;
  readonly healthPort: number;
  readonly upstream: string;
  readonly issuer: string;
}

function secondApplication({ second, tls }: ClinicOptions, port: number): readonly string[] {
  if (second === undefined) return [];
  const address = `    address: ${tls ? 'https' : 'http'}://127.0.0.1:${port}`;
  return [`  ${second.name}:`, address, `    upstream: ${second.upstream}`, ...second.lines.map((line) => `    ${line}`)];
}

function gatewayYaml(options: ClinicOptions, { origin, port, healthPort, upstream, issuer }: Places): string {
  const application = options.applicationLines ?? ['preset: legacy-demo', 'signOn: { header: X-Remote-User }'];
  const { certificate, key, passphrase } = options.tls ?? {};
  const named = { certificate, keyFile: key, passphraseFile: passphrase };
  const tls = Object.entries(named).map(([name, file]) => (file === undefined ? '' : `, ${name}: ${file}`));
  const lines = [
    'clinic: { name: Meadowbrook Clinic, timezone: America/Chicago, hours: Mon-Fri 07:00-19:00, help: ext. 4357 }',
    `listen: { host: 127.0.0.1, port: ${port}${tls.join('')}, health: { port: ${healthPort} }${options.listen === undefined ? '' : `, ${options.listen}`} }`,
    'zones: { clinic: [127.0.0.0/8, "::1/128"], desks: [10.20.5.0/24] }',
    'applications:',
    '  ehr:',
    `    address: ${origin}`,
    `    upstream: ${upstream}`,
    ...application.map((line) => `    ${line}`),
    ...secondApplication(options, port),
    ...(options.signInLines ?? demoSignIn(issuer, options.factorMethods)),
    'lock: { everywhere: { after: 15m, endAfterLock: 30m, longest: 12h } }',
    'audit: { keep: 6y }',
    ...(options.gatewayLines ?? []),
  ];
  return `${lines.join('\n')}\n`;
}
