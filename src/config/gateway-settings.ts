// Puts gateway.yaml together into settings: defaults filled in, paths made absolute, every mistake reported.

import { resolve } from 'node:path';
import { acknowledgeSettings } from './acknowledge-settings.ts';
import { anchorSettings } from './anchor-settings.ts';
import { feedSettings } from './feed-settings.ts';
import { applicationSettings } from './application-settings.ts';
import { clinicLogo } from './clinic-logo.ts';
import { didYouMean } from './did-you-mean.ts';
import type { GatewayFile } from './gateway-schema.ts';
import { deskSettings } from './desk-settings.ts';
import { deviceSettings } from './device-settings.ts';
import { completeLimits } from './limits.ts';
import { listenSettings } from './listen-settings.ts';
import { lockSettings } from './lock-settings.ts';
import { machineSettings } from './machine-settings.ts';
import type { LoadOptions, Reading } from './reading.ts';
import type { ClinicSettings, Settings } from './settings.ts';
import { storeSettings } from './store-settings.ts';
import { secondFactorSettings, signInSettings } from './sign-in-settings.ts';
import { zoneSettings } from './zones.ts';
import { requireKeys } from './required-keys.ts';
import { timezoneOfWindows, windowsPath } from './windows-names.ts';

type Gateway = Reading<GatewayFile>;

const daySeconds = 86_400;
/** Six years: what 45 CFR 164.316(b)(2)(i) asks for documentation of this kind. */
const sixYearsSeconds = 6 * 366 * daySeconds;
const hundredYearsSeconds = 100 * 366 * daySeconds;
/** The longest quarter; 45 CFR 164.308(a)(4) names no time, and quarterly is what auditors expect. */
const quarterSeconds = 92 * daySeconds;
const twoWeeksSeconds = 14 * daySeconds;

/** The settings as far as they could be read; complete where the findings hold no mistake. */
export type PartialSettings = Omit<Settings, 'clinic' | 'signIn' | 'alerts'> & {
  readonly clinic: ClinicSettings | null;
  readonly signIn: Settings['signIn'] | null;
};

export async function gatewaySettings(reading: Gateway, options: LoadOptions): Promise<PartialSettings> {
  requireKeys(reading, ['clinic', 'applications', 'signIn']);
  const { value } = reading;
  checkDirectories(reading);
  const applications = await applicationSettings(reading, options);
  const dataDirectory = reading.resolve(value.data ?? 'data');
  return {
    file: resolve(reading.file),
    clinic: await clinicSettings(reading),
    listen: await listenSettings(reading, applications),
    zones: zoneSettings(reading),
    applications,
    machines: await machineSettings(reading),
    signIn: await signInSettings(reading),
    secondFactor: secondFactorSettings(reading, applications),
    lock: lockSettings(reading),
    devices: deviceSettings(reading),
    desk: deskSettings(reading),
    audit: await auditSettings(reading, dataDirectory),
    limits: completeLimits(value.limits ?? {}, value.listen?.tlsEndedBy !== undefined),
    store: await storeSettings(reading),
    dataDirectory,
    masterKeyFile:
      value.masterKeyFile === undefined ? resolve(dataDirectory, 'master.key') : reading.resolve(value.masterKeyFile),
    acknowledge: await acknowledgeSettings(reading),
    breakGlass: { lastsSeconds: value.breakGlass?.lasts ?? 3600 },
  };
}

async function clinicSettings(reading: Gateway): Promise<ClinicSettings | null> {
  const { clinic } = reading.value;
  if (clinic === undefined) return null;
  const zones = ['UTC', ...Intl.supportedValuesOf('timeZone')];
  if (!isTimezone(clinic.timezone)) {
    reading.mistake(
      ['clinic', 'timezone'],
      `Time zone "${clinic.timezone}" is not known, write one such as America/Chicago`,
      timezoneOfWindows(clinic.timezone) ?? didYouMean(clinic.timezone, zones),
    );
  }
  const { name, timezone, hours = [], help, language = 'en' } = clinic;
  return { name, timezone, hours, help, language, logo: await clinicLogo(reading, clinic.logo) };
}

/** Made where they are missing, so that a path of Windows would only be a strange name below this directory. */
function checkDirectories(reading: Gateway): void {
  const { data, masterKeyFile, audit } = reading.value;
  const named = [
    [['data'], data],
    [['masterKeyFile'], masterKeyFile],
    [['audit', 'directory'], audit?.directory],
    [['audit', 'fallback'], audit?.fallback],
    [['audit', 'anchor'], audit?.anchor],
    ...(audit?.anchors ?? []).map((one, index) => [['audit', 'anchors', index, 'path'], one.path] as const),
  ] as const;
  for (const [path, text = ''] of named) {
    const told = windowsPath(text, '/var/lib/wardgate');
    if (told !== '')
      reading.mistake(path, `Path "${text}" leads nowhere: ${told}; a share is mounted first, such as at /mnt/nas`);
  }
}

/** A name of the time-zone database. Bare offsets are refused: they know no summer time. */
function isTimezone(name: string): boolean {
  if (/^[+-]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function recertificationOf({
  recertify = 'on',
  recertifyEvery = quarterSeconds,
  removeWithin = twoWeeksSeconds,
}: NonNullable<GatewayFile['audit']>): Settings['audit']['recertification'] {
  return { everySeconds: recertify === 'on' ? recertifyEvery : null, removeWithinSeconds: removeWithin };
}

async function auditSettings(reading: Gateway, dataDirectory: string): Promise<Settings['audit']> {
  const given = reading.value.audit ?? {};
  const directory = given.directory === undefined ? resolve(dataDirectory, 'audit') : reading.resolve(given.directory);
  const fallbackDirectory = given.fallback === undefined ? null : reading.resolve(given.fallback);
  if (fallbackDirectory === directory) {
    reading.mistake(['audit', 'fallback'], `Second place "${given.fallback}" is the first one, name another disk`);
  }
  const { keep = sixYearsSeconds } = given;
  if (keep !== 'unlimited' && keep < sixYearsSeconds) {
    const law = '45 CFR 164.316(b)(2)(i) asks for six years of documentation, ASTM E2147 for ten of audit data';
    reading.warning(['audit', 'keep'], `Records are let go before they are six years old, write 6y or more: ${law}`);
  }
  const anchors = await anchorSettings(reading, [directory, fallbackDirectory]);
  const feeds = await feedSettings(reading);
  return {
    directory,
    fallbackDirectory,
    retention: keep === 'unlimited' ? keep : Math.ceil(keep / daySeconds),
    keepSeconds: keep === 'unlimited' ? hundredYearsSeconds : keep,
    anchors,
    feeds,
    recertification: recertificationOf(given),
  };
}
