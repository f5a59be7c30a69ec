// Sets the stage for stories: the whole demo in this process on free ports, and people who sign in to it over HTTP.

import { existsSync, mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { generateSync } from 'otplib';
import { startDemo } from '../../src/cli/start-demo.ts';
import type { Demo, DemoOptions } from '../../src/cli/start-demo.ts';
import { withIds } from '../../src/core/patients/shown-tokens.ts';
import { compareSegmentNames } from '../../src/core/audit/segment-name.ts';
import type { TakeOver } from '../../src/core/session/judge-take-over.ts';
import { idsBehindTokens } from './ids-behind-tokens.ts';
import { silentLog } from './silent-log.ts';
import { storeLines } from './story-store.ts';
import { CookieClient } from './cookie-client.ts';
import type { Reply } from './cookie-client.ts';

/** What a story needs to know of the place it plays in. */
export type Scene = Pick<Demo, 'origin' | 'personas' | 'auditDirectory' | 'ehr'>;

/**
 * The demo on free ports; faults of the EHR are switched on, and nobody is asked about a session elsewhere unless told: most
 * stories sign one person in more than once.
 */
export function story({ takeOver = 'never', ...options }: Partial<DemoOptions> & { takeOver?: TakeOver } = {}): Promise<Demo> {
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), 'wardgate-demo-'));
  const rewriteGateway = (yaml: string): string => {
    const text = yaml.replace('clientSecretFile: client-secret }', `clientSecretFile: client-secret, takeOver: ${takeOver} }`);
    return options.rewriteGateway?.(text) ?? text;
  };
  return startDemo({
    port: 0,
    log: silentLog,
    alerts: atAnyHour,
    ...options,
    directory,
    gatewayLines: [...(options.gatewayLines ?? []), ...storeLines(directory)],
    rewriteGateway,
    ehr: { faults: true, ...options.ehr },
  });
}

/** Stories are played at any hour of the day, so that one is no alarm in them. */
export const atAnyHour = 'detectors: { after-hours: off }\n';

/** Signs a persona in, second factor included, and returns their browser. */
export async function signIn(demo: Scene, name: string, path = '/main', client = new CookieClient()): Promise<CookieClient> {
  await signInWith(client, demo, name, path);
  return client;
}

/** The last page of a sign-in that went through. Throws with that page's text when it did not. */
export async function signInWith(client: CookieClient, demo: Scene, name: string, path = '/main'): Promise<Reply> {
  const start = `${demo.origin}/.wardgate/sign-in?login_hint=${name}&return=${encodeURIComponent(path)}`;
  const challenge = await client.page(start);
  const secret = demo.personas.find((persona) => persona.name === name)?.totpSecret;
  if (typeof secret !== 'string') throw new Error(`Persona "${name}" has no second factor`);
  const arrived = await client.form(challenge.url, { code: codeOf(secret) });
  if (/\/\.wardgate\/(?:sign-in|callback|second-factor|enrol)/.test(arrived.url))
    throw new Error(`Signing in as ${name} ended at ${arrived.url}: ${arrived.text}`);
  return arrived;
}

/** The code of this moment. */
export function codeOf(secret: string): string {
  return generateSync({ secret });
}

/** Every record of the audit so far, in order, with ids in the place of tokens: what was meant. */
export function records(demo: Pick<Scene, 'auditDirectory'>): Record<string, unknown>[] {
  const known = idsBehindTokens(dirname(demo.auditDirectory));
  return linesOf(demo).map((line) => JSON.parse(withIds(line, (token) => known.get(token))) as Record<string, unknown>);
}

/** Every line of the audit so far, as it stands. A closed day may lie packed, or be packed while this reads. */
export function linesOf(demo: Pick<Scene, 'auditDirectory'>): string[] {
  const names = readdirSync(demo.auditDirectory).flatMap((name) => /^(.*\.jsonl)(?:\.gz)?$/.exec(name)?.[1] ?? []);
  const files = [...new Set(names)].sort(compareSegmentNames);
  const lines = files.flatMap((name) => textOf(join(demo.auditDirectory, name)).split('\n'));
  return lines.filter((line) => line !== '');
}

function textOf(plain: string): string {
  return existsSync(`${plain}.gz`) ? gunzipSync(readFileSync(`${plain}.gz`)).toString() : readFileSync(plain, 'utf8');
}

type Awaitable<T> = T | Promise<T>;

/** Waits until the condition holds, looking again every few milliseconds; fails after twenty seconds where nothing else is said. */
export async function eventually<T>(
  look: () => Awaitable<T | undefined | null | false>,
  what = 'the condition',
  milliseconds = 20_000,
): Promise<T> {
  const until = performance.now() + milliseconds;
  for (;;) {
    // A promise is not yet an answer: what was read by asking a page is waited for like any other look.
    const seen = await look();
    if (seen !== undefined && seen !== null && seen !== false) return seen;
    if (performance.now() > until) throw new Error(`Waited ${milliseconds / 1000} seconds for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Requests the EHR saw whose target starts with the given text. */
export function seenByEhr(demo: Pick<Scene, 'ehr'>, target: string): number {
  return demo.ehr.requests().filter((request) => request.target.startsWith(target)).length;
}
