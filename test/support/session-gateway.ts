// A gateway in front of an EHR made by hand, with people who are already signed in: their sessions are put into the store,
// because signing in is not what these tests are about. For tests that send thousands of requests.

import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfiguration } from '../../src/config/load.ts';
import { renderMistake } from '../../src/config/mistake.ts';
import type { Configuration } from '../../src/config/settings.ts';
import type { Session } from '../../src/core/session/session.ts';
import { startGateway } from '../../src/main.ts';
import type { Gateway } from '../../src/main.ts';
import { records } from './demo-story.ts';
import { silentLog } from './silent-log.ts';
import { startWireEhr } from './wire-ehr.ts';
import type { WireEhr } from './wire-ehr.ts';

export interface SessionGatewayOptions {
  /** Lines below `rules:` of rules.yaml, without their indentation. */
  readonly rules: readonly string[];
  /** Further top-level lines of rules.yaml. */
  readonly ruleLines?: readonly string[];
  /** Application name → further keys, as one line of YAML each. */
  readonly applications?: Readonly<Record<string, readonly string[]>>;
  readonly limits?: string;
  /** Further files beside gateway.yaml, name and text. */
  readonly files?: Readonly<Record<string, string>>;
  /** All limits, in place of the wide ones that are set otherwise. */
  readonly onlyLimits?: string;
}

export interface SessionGateway {
  readonly gateway: Gateway;
  readonly ehr: WireEhr;
  /** The Host of an application; `ehr` where none is named. */
  host(application?: string): string;
  /** Signs somebody in with the given role at the address of the application: a Cookie header's value. */
  cookieFor(role: string, application?: string): Promise<string>;
  /** Closes the gateway, so that its audit is whole, and reads every record. */
  finish(): Promise<Record<string, unknown>[]>;
  /** The records so far. */
  records(): Record<string, unknown>[];
  close(): Promise<void>;
}

const roles = ['physician', 'nurse', 'it'];

/** A configuration on disk, read. `directory` is gone when `close` is called. */
export async function sessionConfiguration(
  options: SessionGatewayOptions,
  upstream: string,
): Promise<{ configuration: Configuration; directory: string }> {
  const directory = mkdtempSync(join(tmpdir(), 'wardgate-sessions-'));
  writeFileSync(join(directory, 'secret'), 'not-used');
  for (const [name, text] of Object.entries(options.files ?? {})) writeFileSync(join(directory, name), text);
  writeFileSync(join(directory, 'gateway.yaml'), gatewayYaml(options, upstream));
  const rules = options.rules.map((line) => `  - ${line}\n`).join('');
  const named = roles.map((role) => `${role}: Clinic-${role}`).join(', ');
  writeFileSync(
    join(directory, 'rules.yaml'),
    `mode: enforce\nroles: { ${named} }\n${(options.ruleLines ?? []).join('\n')}\nrules:\n${rules}`,
  );
  const loaded = await loadConfiguration(join(directory, 'gateway.yaml'));
  if (!loaded.ok) throw new Error(loaded.mistakes.map(renderMistake).join('\n'));
  return { configuration: loaded.configuration, directory };
}

export async function startSessionGateway(options: SessionGatewayOptions): Promise<SessionGateway> {
  const ehr = await startWireEhr();
  const { configuration, directory } = await sessionConfiguration(options, ehr.origin);
  const gateway = await startGateway(configuration, silentLog);
  const { applications } = configuration.settings;
  let closed = false;
  const close = async (): Promise<void> => {
    if (closed) return;
    closed = true;
    await gateway.close();
    await ehr.close();
  };
  const read = (): Record<string, unknown>[] => records({ auditDirectory: gateway.composed.audit.directory });
  return {
    gateway,
    ehr,
    host: (application = 'ehr') => applications.get(application)?.host ?? '',
    cookieFor: async (role, application = 'ehr') => {
      const { id, session } = signedIn(role);
      await gateway.composed.state.sessions.create({ ...session, place: { application, link: id } });
      return `wardgate=${id}`;
    },
    records: read,
    finish: async () => {
      await close();
      return read();
    },
    close: async () => {
      await close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** A session of one role, as the store keeps it, with the id that its cookie holds. */
export function signedIn(role: string): { readonly id: string; readonly session: Session } {
  const id = randomBytes(32).toString('base64url');
  const now = Date.now();
  const session: Session = {
    key: createHash('sha256').update(id).digest('base64url'),
    // A reference names one session alone.
    reference: `session-of-${role}-${id.slice(0, 8)}`,
    subject: { issuer: 'http://127.0.0.1:9', sub: role, name: role, displayName: role },
    roles: [role],
    factor: { method: 'totp', at: now },
    createdAt: now,
    lastActiveAt: now,
    rolesCheckedAt: now,
    providerSession: null,
    sealedTokens: null,
    ehrSessions: [],
    device: null,
    lockedAt: null,
    activity: { last: 'sign-in', pings: 0, navigations: 0 },
    version: 1,
  };
  return { id, session };
}

function gatewayYaml({ applications = { ehr: [] }, limits = '', onlyLimits }: SessionGatewayOptions, upstream: string): string {
  const described = Object.entries(applications).flatMap(([name, lines], index) => [
    `  ${name}:`,
    `    address: http://localhost:${4500 + index}`,
    `    upstream: ${upstream}`,
    ...lines.map((line) => `    ${line}`),
  ]);
  return [
    'clinic: { name: Northside, timezone: America/Chicago, hours: Mon-Sun 00:00-24:00, help: nobody }',
    'listen: { port: 0, health: { port: 0 } }',
    'zones: { clinic: [127.0.0.0/8, "::1/128"] }',
    'applications:',
    ...described,
    'signIn: { provider: generic, issuer: "http://127.0.0.1:9", clientId: wardgate, clientSecretFile: secret }',
    'secondFactor: { methods: [totp] }',
    'lock: { everywhere: { after: 15m, endAfterLock: 30m, longest: 12h } }',
    'audit: { keep: 6y }',
    `limits: { ${onlyLimits ?? `requestsPerSocket: 100000, connectionsPerAddress: 1000, upstreamConnections: 64, upstreamConnectionsPerPerson: 64${limits}`} }`,
    '',
  ].join('\n');
}
