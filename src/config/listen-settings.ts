// Puts together where the gateway itself listens, and refuses what would let people in unencrypted or let them claim
// another address than their own.

import type { GatewayFile } from './gateway-schema.ts';
import { listenCertificate, noCertificate } from './listen-certificate.ts';
import { trustProblem } from './network.ts';
import type { Reading } from './reading.ts';
import type { ApplicationSettings, ListenSettings } from './settings.ts';

type Gateway = Reading<GatewayFile>;

export async function listenSettings(
  reading: Gateway,
  applications: ReadonlyMap<string, ApplicationSettings>,
): Promise<ListenSettings> {
  const listen = reading.value.listen ?? {};
  const addresses = [...applications.values()];
  const encrypted = addresses.some(({ secure }) => secure);
  const behindProxy = listen.tlsEndedBy !== undefined;
  for (const [index, range] of (listen.tlsEndedBy ?? []).entries()) {
    const problem = trustProblem(range);
    if (problem !== null) reading.mistake(reading.entry(['listen', 'tlsEndedBy'], index), `Range "${range}" ${problem}`);
  }
  const tls = encrypted && !behindProxy;
  if (tls) checkMixed(reading, addresses);
  const local = addresses.length > 0 && !encrypted && !behindProxy;
  const settings = {
    host: listen.host ?? (local ? loopbackHost(addresses) : '0.0.0.0'),
    port: listen.port ?? (tls ? 443 : 8080),
    ...(tls ? await listenCertificate(reading, addresses) : noCertificate),
    trustedProxies: listen.tlsEndedBy ?? [],
    machinePort: machinePort(reading, addresses, tls),
    health: { host: listen.health?.host ?? '127.0.0.1', port: listen.health?.port ?? 9464 },
  };
  warnOfOtherPort(reading, addresses, settings.port, behindProxy);
  return settings;
}

/** Machines show their certificates at a listener of their own, so that no browser is ever asked for one. */
function machinePort(reading: Gateway, applications: readonly ApplicationSettings[], tls: boolean): number | null {
  const { machines, listen } = reading.value;
  const named = Object.entries(machines ?? {}).find(([, entry]) => entry.certificate !== undefined);
  const port = listen?.machines?.port;
  const at = ['listen', 'machines'];
  if (named !== undefined && !tls) {
    const why =
      listen?.tlsEndedBy === undefined ? 'the addresses are http:' : 'encryption ends at the proxy in front (tlsEndedBy)';
    const message = `Machine "${named[0]}" cannot show its certificate, because ${why}; give it a token and its address`;
    reading.mistake(['machines', named[0], 'certificate'], message);
    return null;
  }
  if (port === undefined) {
    if (named !== undefined && reading.original(at) === undefined)
      reading.mistake(
        ['machines', named[0], 'certificate'],
        'Certificates need a port of their own, write listen: { machines: { port: 8444 } }',
      );
    return null;
  }
  if (named === undefined) {
    reading.warning(at, 'No machine has a certificate, so nobody needs this port');
    return null;
  }
  if (port !== 0 && port === (listen?.port ?? 443))
    reading.mistake([...at, 'port'], `Port ${port} is already that of people, choose another`);
  checkHostNames(reading, applications);
  return port;
}

/** At their listener the port says nothing about the application, so the name must. */
function checkHostNames(reading: Gateway, applications: readonly ApplicationSettings[]): void {
  const seen = new Map<string, string>();
  for (const { name, origin } of applications) {
    const { hostname } = new URL(origin);
    const other = seen.get(hostname);
    if (other !== undefined) {
      const message = `Address "${origin}" has the host name of application "${other}", so machines with a certificate cannot tell the two apart; use two names`;
      reading.mistake(['applications', name, 'address'], message);
    }
    seen.set(hostname, name);
  }
}

function checkMixed(reading: Gateway, applications: readonly ApplicationSettings[]): void {
  const plain = applications.find(({ secure }) => !secure);
  if (plain !== undefined) {
    reading.mistake(
      ['applications', plain.name, 'address'],
      `Address "${plain.origin}" is http: while others are https:, use one of the two`,
    );
  }
}

function loopbackHost(applications: readonly ApplicationSettings[]): string {
  return applications.every(({ origin }) => origin.includes('[::1]')) ? '::1' : '127.0.0.1';
}

/** On loopback nothing stands between the address and the listener, so two different ports are a slip. */
function warnOfOtherPort(
  reading: Gateway,
  applications: readonly ApplicationSettings[],
  port: number,
  behindProxy: boolean,
): void {
  if (behindProxy || port === 0) return;
  for (const { name, origin, secure } of applications) {
    const asked = Number(new URL(origin).port || 80);
    if (secure || asked === port) continue;
    const message = `Address "${origin}" has another port than listen.port, which is ${port}`;
    reading.warning(['applications', name, 'address'], message);
  }
}
