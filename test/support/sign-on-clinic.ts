// A clinic whose EHR the gateway signs people on to, whichever it is: people who come by the identity provider, the page on
// which they enter their password at the EHR, and ears for everything that goes to the EHR or is written down.

import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { loadConfiguration } from '../../src/config/load.ts';
import { renderMistake } from '../../src/config/mistake.ts';
import { startGateway } from '../../src/main.ts';
import type { Gateway } from '../../src/main.ts';
import { enrolWithoutAsking } from '../../src/sign-in/enrol-without-asking.ts';
import { clinic } from './clinic.ts';
import type { Clinic, ClinicOptions } from './clinic.ts';
import { arrive, roleLines } from './clinic-story.ts';
import { CookieClient } from './cookie-client.ts';
import type { Reply } from './cookie-client.ts';
import { countingRelay } from './counting-relay.ts';
import type { CountingRelay } from './counting-relay.ts';
import { records } from './demo-story.ts';
import { ShiftingClock } from './shifting-clock.ts';
import { rememberingLog } from './silent-log.ts';

export interface SignOnClinic {
  /** Also fit for what asks for a whole demo. */
  readonly place: Clinic & { readonly gateway: Gateway };
  readonly gateway: Gateway;
  readonly origin: string;
  /** The Host under which people know the EHR. */
  readonly host: string;
  /** What goes from the gateway to the EHR. */
  readonly relay: CountingRelay;
  readonly clock: ShiftingClock;
  /** Signs that person in; the last page is the one asked for, or the one that asks for the EHR's password. */
  readonly person: (name: string, path: string, client?: CookieClient) => Promise<CookieClient>;
  readonly records: (event?: string) => Record<string, unknown>[];
  /** Everything the gateway has written or logged so far, as text. */
  readonly written: () => string;
  readonly close: () => Promise<void>;
}

export interface SignOnClinicOptions {
  /** Origin of the EHR. */
  readonly ehr: string;
  readonly applicationLines: readonly string[];
  /** What follows the roles in rules.yaml. */
  readonly rules: string;
  readonly gatewayLines?: readonly string[];
  /** Presets of the clinic's own beside gateway.yaml, name and text. */
  readonly presets?: Readonly<Record<string, string>>;
}

/** Starts all of it but the EHR. Throws every mistake of the configuration in words. */
export async function signOnClinic(options: SignOnClinicOptions): Promise<SignOnClinic> {
  const relay = await countingRelay(options.ehr);
  const { applicationLines, gatewayLines = [] } = options;
  const rules = roleLines + options.rules;
  const made = await clinic({ rules, upstream: relay.origin, applicationLines, gatewayLines } satisfies ClinicOptions);
  for (const [name, text] of Object.entries(options.presets ?? {})) writeFileSync(join(made.directory, name), text);
  const clock = new ShiftingClock();
  const log = rememberingLog();
  const gateway = await open(made, clock, log);
  const place = { ...made, gateway };
  const host = `localhost:${made.port}`;
  const close = async (): Promise<void> => {
    await gateway.close();
    await made.close();
    await relay.close();
  };
  return {
    place,
    gateway,
    origin: made.origin,
    host,
    relay,
    clock,
    person: (name, path, client = new CookieClient()) => arriveAt(place, name, clock, path, client),
    records: (event) => records(made).filter((one) => event === undefined || one['event'] === event),
    written: () => filesIn(join(made.directory, 'data')) + log.lines.join('\n'),
    close,
  };
}

async function open(place: Clinic, clock: ShiftingClock, log: ReturnType<typeof rememberingLog>): Promise<Gateway> {
  const loaded = await loadConfiguration(place.file);
  if (!loaded.ok) throw new Error(loaded.mistakes.map(renderMistake).join('\n'));
  const gateway = await startGateway(loaded.configuration, log, clock);
  const needs = { factors: gateway.composed.state.factors, sealer: gateway.composed.sealer, clock };
  for (const { name, totpSecret } of place.personas) {
    if (totpSecret !== null) await enrolWithoutAsking(needs, { issuer: place.provider.issuer, sub: name }, totpSecret);
  }
  return gateway;
}

/** The gateway's page that asks for the EHR's password is a place to arrive at as well. */
async function arriveAt(place: SignOnClinic['place'], name: string, clock: ShiftingClock, path: string, client: CookieClient) {
  try {
    return await arrive(place, name, clock, client, path);
  } catch (cause) {
    if (cause instanceof Error && cause.message.includes('/.wardgate/credential?')) return client;
    throw cause;
  }
}

function filesIn(directory: string): string {
  return readdirSync(directory, { withFileTypes: true })
    .filter((one) => one.isDirectory() || one.isFile())
    .map((one) => (one.isDirectory() ? filesIn(join(directory, one.name)) : readFileSync(join(directory, one.name), 'latin1')))
    .join('\n');
}

/** Sends the page on which a person enters their name and password at the EHR, and follows where it leads. */
export function enterPassword(
  { origin }: Pick<SignOnClinic, 'origin'>,
  client: CookieClient,
  username: string,
  password: string,
  back = '/',
): Promise<Reply> {
  const address = `${origin}/.wardgate/credential?application=ehr&return=${encodeURIComponent(back)}`;
  return client.form(address, { username, password });
}

/** Runs `act` and expects that not one byte went to the EHR meanwhile. */
export async function withoutTheEhrHearing<T>({ relay }: Pick<SignOnClinic, 'relay'>, act: () => Promise<T>): Promise<T> {
  const before = relay.sent();
  const result = await act();
  expect(relay.sent()).toBe(before);
  return result;
}

/** The names of the cookies that this browser holds for the gateway's address. */
export function cookieNames({ host }: Pick<SignOnClinic, 'host'>, client: CookieClient): readonly string[] {
  return [...(client.jar.get(host)?.keys() ?? [])].sort();
}
