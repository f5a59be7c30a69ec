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
    health: { host: listen.health?.host ?? '127.0.0.1', port: listen.health?.port ?? 9464 },
  };
  warnOfOtherPort(reading, addresses, settings.port, behindProxy);
  return settings;
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
