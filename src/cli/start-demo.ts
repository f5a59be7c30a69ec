// Starts the whole demo in this process: the legacy EHR, the sign-in provider and the gateway between them, with the
// rules that are shipped in `config/`. What it writes lies in a directory of its own. Used by `wardgate demo`, by the
// tests and by nothing that people work with.

import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfiguration } from '../config/load.ts';
import { renderMistake } from '../config/mistake.ts';
import { startDemoEhr } from '../demo/ehr/start-demo-ehr.ts';
import type { DemoEhr, DemoEhrOptions } from '../demo/ehr/start-demo-ehr.ts';
import { freePort } from '../demo/free-port.ts';
import { createPersonas } from '../demo/personas.ts';
import type { DemoPersona } from '../demo/personas.ts';
import { startDemoProvider } from '../demo/provider/start-demo-provider.ts';
import type { DemoProvider } from '../demo/provider/start-demo-provider.ts';
import { startGateway } from '../main.ts';
import type { Gateway } from '../main.ts';
import type { Clock, OperationsLog } from '../ports.ts';
import { enrolWithoutAsking } from '../sign-in/enrol-without-asking.ts';

export interface DemoOptions {
  /** The gateway's port; 0 takes any free one. */
  readonly port: number;
  readonly log: OperationsLog;
  /** After how long without a person a session locks, as in gateway.yaml. */
  readonly idle?: string;
  /** After how long a locked session ends. */
  readonly endAfterLock?: string;
  /** A directory to keep; a new one below the system's temporary folder otherwise. */
  readonly directory?: string;
  /** Text of rules.yaml; the shipped one otherwise. */
  readonly rules?: string;
  /** More lines of gateway.yaml, at its top level. */
  readonly gatewayLines?: readonly string[];
  /** More lines of the application in gateway.yaml. */
  readonly applicationLines?: readonly string[];
  readonly ehr?: Partial<DemoEhrOptions>;
  /** Changes the text of gateway.yaml before it is read. */
  readonly rewriteGateway?: (yaml: string) => string;
  /** Text of alerts.yaml; none otherwise. */
  readonly alerts?: string;
  /** Whether the provider gives refresh tokens; it does unless told. */
  readonly refreshTokens?: boolean;
  /** Another clock than the machine's. The provider and the EHR keep that one. */
  readonly clock?: Clock;
}

export interface Demo {
  readonly origin: string;
  readonly directory: string;
  readonly personas: readonly DemoPersona[];
  readonly ehr: DemoEhr;
  readonly provider: DemoProvider;
  readonly gateway: Gateway;
  readonly auditDirectory: string;
  readonly close: () => Promise<void>;
}

/** As in config/gateway.yaml, so that the page "Request headers" shows all that an EHR can be told. */
const shippedApplication: readonly string[] = [
  'preset: legacy-demo',
  'signOn: { header: X-Remote-User }',
  'identityHeaders: { name: X-Wardgate-User, subject: X-Wardgate-Subject, roles: X-Wardgate-Roles, session: X-Wardgate-Session, jwt: X-Wardgate-Token }',
];

const shippedRules = fileURLToPath(new URL('../../config/rules.yaml', import.meta.url));

/** Rejects with every mistake in words when the given rules or lines are not sound. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), 'wardgate-demo-'));
  mkdirSync(directory, { recursive: true });
  // The provider must know the gateway's address before the gateway listens on it.
  const port = options.port === 0 ? await freePort() : options.port;
  const origin = `http://localhost:${port}`;
  const secret = randomBytes(24).toString('base64url');
  const personas = createPersonas();
  const ehr = await startDemoEhr({ signOn: 'any', ...options.ehr });
  const provider = await startDemoProvider({ personas, clients: [client(origin, secret, options.refreshTokens ?? true)] });
  const stopParts = async (): Promise<void> => {
    await ehr.close();
    await provider.close();
  };
  try {
    writeFiles(directory, options, { port, origin, secret, ehr: ehr.origin, issuer: provider.issuer });
    const gateway = await startFrom(join(directory, 'gateway.yaml'), options);
    await enrolPersonas(gateway, provider.issuer, personas);
    const close = async (): Promise<void> => {
      await gateway.close();
      await stopParts();
    };
    return { origin, directory, personas, ehr, provider, gateway, auditDirectory: gateway.composed.audit.directory, close };
  } catch (cause) {
    await stopParts();
    throw cause;
  }
}

async function startFrom(file: string, { log, clock }: DemoOptions): Promise<Gateway> {
  const loaded = await loadConfiguration(file);
  if (!loaded.ok) throw new Error(loaded.mistakes.map(renderMistake).join('\n'));
  return startGateway(loaded.configuration, log, clock);
}

function client(origin: string, clientSecret: string, refreshTokens: boolean) {
  return {
    clientId: 'wardgate',
    clientSecret,
    refreshTokens,
    redirectUris: [`${origin}/.wardgate/callback`],
    postLogoutRedirectUris: [`${origin}/.wardgate/signed-out`],
    backChannelLogoutUri: `${origin}/.wardgate/backchannel-logout`,
  };
}

interface Places {
  readonly port: number;
  readonly origin: string;
  readonly secret: string;
  readonly ehr: string;
  readonly issuer: string;
}

function writeFiles(directory: string, options: DemoOptions, places: Places): void {
  writeFileSync(join(directory, 'client-secret'), places.secret, { mode: 0o600 });
  const yaml = gatewayYaml(options, places);
  writeFileSync(join(directory, 'gateway.yaml'), options.rewriteGateway?.(yaml) ?? yaml);
  if (options.rules === undefined) copyFileSync(shippedRules, join(directory, 'rules.yaml'));
  else writeFileSync(join(directory, 'rules.yaml'), options.rules);
  if (options.alerts !== undefined) writeFileSync(join(directory, 'alerts.yaml'), options.alerts);
}

function gatewayYaml(options: DemoOptions, places: Places): string {
  const application = options.applicationLines ?? shippedApplication;
  const lines = [
    'clinic: { name: Meadowbrook Clinic, timezone: America/Chicago, hours: Mon-Fri 07:00-19:00, help: ext. 4357 }',
    `listen: { port: ${places.port}, health: { port: 0 } }`,
    'zones: { clinic: [127.0.0.0/8, "::1/128"], desks: [10.20.5.0/24] }',
    'applications:',
    '  ehr:',
    `    address: ${places.origin}`,
    `    upstream: ${places.ehr}`,
    ...application.map((line) => `    ${line}`),
    `signIn: { provider: generic, issuer: "${places.issuer}", clientId: wardgate, clientSecretFile: client-secret }`,
    'secondFactor: { methods: [passkey, totp], enrolFrom: clinic }',
    `lock: { everywhere: { after: ${options.idle ?? '15m'}, endAfterLock: ${options.endAfterLock ?? '30m'}, longest: 12h } }`,
    'audit: { keep: 6y }',
    ...(options.gatewayLines ?? []),
  ];
  return `${lines.join('\n')}\n`;
}

async function enrolPersonas(gateway: Gateway, issuer: string, personas: readonly DemoPersona[]): Promise<void> {
  const { state, sealer, clock } = gateway.composed;
  for (const { name, totpSecret } of personas) {
    if (totpSecret !== null)
      await enrolWithoutAsking({ factors: state.factors, sealer, clock }, { issuer, sub: name }, totpSecret);
  }
}
