// Puts together what one EHR is: its address, where it listens, how it reads requests and how people are signed on.

import { chosenPreset } from './chosen-preset.ts';
import type { ApplicationEntry } from './application-schema.ts';
import type { GatewayFile } from './gateway-schema.ts';
import { checkHeaderName } from './header-names.ts';
import { isLoopback, readOrigin } from './network.ts';
import type { LoadOptions, Reading } from './reading.ts';
import type { ApplicationSettings, IdentityHeaderSettings } from './settings.ts';
import { toldByPreset } from './told-by-preset.ts';
import { trustedAuthority } from './trusted-authority.ts';
import type { KeyPath } from './yaml-source.ts';

type Gateway = Reading<GatewayFile>;

/** The name that the gateway's own console has among the applications. */
export const ownApplication = 'wardgate';

/** All applications; the ones with mistakes in their addresses are left out. */
export async function applicationSettings(reading: Gateway, options: LoadOptions): Promise<Map<string, ApplicationSettings>> {
  const applications = new Map<string, ApplicationSettings>();
  const entries = Object.entries(reading.value.applications ?? {});
  // One that was cut out because of a mistake is there all the same.
  if (reading.namesIn('applications')?.length === 0 && reading.value.applications !== undefined) {
    reading.mistake(['applications'], 'No application is named, at least one EHR must stand here');
  }
  for (const [name, entry] of entries) {
    const path = ['applications', name];
    if (name === ownApplication) reading.keyMistake(path, `Application name "${name}" is the gateway's own, choose another`);
    const application = await oneApplication(reading, options, name, entry, name === entries[0]?.[0]);
    const taken = [...applications.values()].find(({ host }) => host === application?.host);
    if (taken !== undefined) {
      reading.mistake([...path, 'address'], `Address "${entry.address}" is already that of application "${taken.name}"`);
    }
    if (application !== null) applications.set(name, application);
  }
  return applications;
}

async function oneApplication(
  reading: Gateway,
  options: LoadOptions,
  name: string,
  entry: ApplicationEntry,
  isFirst: boolean,
): Promise<ApplicationSettings | null> {
  const path = ['applications', name];
  const address = publicAddress(reading, [...path, 'address'], entry.address);
  const upstream = upstreamAddress(reading, path, entry);
  const chosen = await chosenPreset(reading, options, [...path, 'preset'], entry.preset);
  const preset = chosen?.preset.value;
  const trustFile = await trustedAuthority(reading, [...path, 'trust'], entry.trust);
  const { signOn, ...told } = await toldByPreset(reading, path, entry, chosen);
  for (const [index, header] of (entry.passHeaders ?? []).entries()) {
    checkHeaderName(reading, reading.entry([...path, 'passHeaders'], index), header);
  }
  const identityHeaders = identityHeaderSettings(reading, [...path, 'identityHeaders'], entry);
  if (address === null || upstream === null) return null;
  if (address.origin === upstream.origin) {
    reading.mistake(
      [...path, 'upstream'],
      `Upstream "${entry.upstream}" is the gateway's own address, write where the EHR listens`,
    );
  }
  const sessionCookie = entry.sessionCookie ?? preset?.sessionCookie ?? null;
  return {
    name,
    origin: address.origin,
    host: address.host,
    secure: address.protocol === 'https:',
    upstream: upstream.origin,
    plainHttpBecause: upstream.protocol === 'http:' ? (entry.plainHttpBecause ?? null) : null,
    trustFile,
    targetProfile: entry.profile ?? preset?.profile ?? 'generic',
    parameters: entry.parameters ?? preset?.parameters ?? 'strict',
    hostHeader: entry.hostHeader ?? preset?.hostHeader ?? 'external',
    preset: chosen?.file ?? null,
    signOn,
    ...told,
    identityHeaders,
    passHeaders: entry.passHeaders ?? [],
    methodOverrideParameters: entry.methodOverrideParameters ?? preset?.methodOverrideParameters ?? [],
    sessionCookie: sessionCookie === 'none' ? null : sessionCookie,
    patientPerPerson: sessionCookie === 'none',
    patientId: entry.patientId ?? preset?.patientId ?? 'exact',
    ...ownPages(entry, isFirst),
    webSocketProtocols: entry.webSocketProtocols ?? preset?.webSocketProtocols ?? [],
  };
}

/** What of ours stands at this address. */
function ownPages(entry: ApplicationEntry, isFirst: boolean): Pick<ApplicationSettings, 'pageScript' | 'console'> {
  return { pageScript: entry.pageScript !== 'off', console: (entry.console ?? (isFirst ? 'on' : 'off')) === 'on' };
}

function publicAddress(reading: Gateway, path: KeyPath, text: string): URL | null {
  const origin = readOrigin(text);
  if ('problem' in origin) {
    reading.mistake(path, `Address "${text}" ${origin.problem}`);
    return null;
  }
  if (origin.value.protocol === 'http:' && !isLoopback(origin.value.hostname)) {
    reading.mistake(path, `Address "${text}" is not encrypted, write https://${origin.value.host}; http: is for localhost only`);
  }
  return origin.value;
}

function upstreamAddress(reading: Gateway, path: KeyPath, entry: ApplicationEntry): URL | null {
  const origin = readOrigin(entry.upstream);
  if ('problem' in origin) {
    reading.mistake([...path, 'upstream'], `Upstream "${entry.upstream}" ${origin.problem}`);
    return null;
  }
  const plain = origin.value.protocol === 'http:' && !isLoopback(origin.value.hostname);
  if (plain && entry.plainHttpBecause === undefined) {
    const fix = 'use https:, or write why that is acceptable, such as plainHttpBecause: isolated server VLAN';
    reading.mistake([...path, 'upstream'], `Upstream "${entry.upstream}" carries patient data unencrypted; ${fix}`);
  }
  return origin.value;
}

function identityHeaderSettings(reading: Gateway, path: KeyPath, entry: ApplicationEntry): IdentityHeaderSettings {
  const given = entry.identityHeaders ?? {};
  const taken = new Map<string, string>();
  for (const [key, name] of Object.entries(given)) {
    if (name === undefined) continue;
    checkHeaderName(reading, [...path, key], name);
    const other = taken.get(name.toLowerCase());
    if (other !== undefined) reading.mistake([...path, key], `Header "${name}" is already used for ${other}`);
    taken.set(name.toLowerCase(), key);
  }
  return {
    name: given.name ?? null,
    subject: given.subject ?? null,
    roles: given.roles ?? null,
    session: given.session ?? null,
    jwt: given.jwt ?? null,
  };
}
