// What a backup takes from the configuration: the files it names. Secrets that stand in files of their own are left out and
// named, so that whoever restores knows what to put back.

import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { BackupSubject } from '../../adapters/backup-sources.ts';
import { sharedPlaceFiles } from '../../adapters/moved-state.ts';
import { ruleVersionFiles } from '../../adapters/rule-versions.ts';
import { alertsFileOf, rulesFileOf } from '../../config/load.ts';
import type { LoadedSettings } from '../../config/load-settings.ts';
import { shippedPresets } from '../../config/presets.ts';

type Sound = Extract<LoadedSettings, { ok: true }>;

interface Chosen {
  readonly taken: readonly string[];
  readonly leftOut: readonly string[];
}

/** `withTlsKeys`: private keys of certificates as well. */
export function backupSubject(loaded: Sound, withTlsKeys: boolean): BackupSubject {
  const { settings } = loaded;
  const { audit, listen, applications, signIn, store } = settings;
  const own = [...applications.values()].flatMap(({ preset }) => preset ?? []).filter((file) => dirname(file) !== shippedPresets);
  const trusted = [...[...applications.values()].map(({ trustFile }) => trustFile), signIn?.trustFile ?? null];
  const certificates = chosenCertificates(once([listen.certificateFile, ...trusted]), withTlsKeys);
  const keys = withTlsKeys ? once([listen.keyFile]) : [];
  const secrets = [...namedSecrets(loaded)].filter(([file]) => !keys.includes(file) && file !== settings.masterKeyFile);
  return {
    configuration: [
      settings.file,
      rulesFileOf(settings.file),
      ...[alertsFileOf(settings.file)].filter((file) => existsSync(file)),
      ...once([...own, settings.clinic?.logo?.file ?? null]),
      ...ruleVersionFiles(settings.dataDirectory),
      ...sharedPlaceFiles(settings.dataDirectory),
    ],
    certificates: certificates.taken,
    keys,
    dataDirectory: settings.dataDirectory,
    masterKeyFile: settings.masterKeyFile,
    auditDirectory: audit.directory,
    fallbackDirectory: audit.fallbackDirectory,
    postgres: postgresOf(store),
    leftOut: [...certificates.leftOut, ...secrets.map(([file, key]) => `${file} (${key})`)],
  };
}

/** The address without a password, though the configuration refuses one in it. */
function postgresOf(store: Sound['settings']['store']): NonNullable<BackupSubject['postgres']> | null {
  if (store === undefined || store === null) return null;
  const url = new URL(store.durable.url);
  url.password = '';
  return { url: url.href, schema: store.durable.schema };
}

/** A file with a private key in it, PEM or PFX, is one, whatever it was named as. */
function chosenCertificates(files: readonly string[], withTlsKeys: boolean): Chosen {
  const there = files.filter((file) => existsSync(file));
  const absent = files.filter((file) => !there.includes(file)).map((file) => `${file} (it was not there)`);
  const taken = there.filter((file) => withTlsKeys || isCertificateAlone(file));
  const keyed = there.filter((file) => !taken.includes(file)).map((file) => `${file} (it holds a private key)`);
  return { taken, leftOut: [...absent, ...keyed] };
}

function isCertificateAlone(file: string): boolean {
  const text = readFileSync(file, 'latin1');
  return text.includes('-----BEGIN CERTIFICATE-----') && !text.includes('PRIVATE KEY');
}

/** Every key that ends in `File` or `Env` with what it names: path or variable → key. */
function namedSecrets({ said, resolve }: Sound): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const look = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      const at = path === '' ? key : `${path}.${key}`;
      if (typeof inner === 'string' && key.endsWith('File')) found.set(resolve(inner), at);
      else if (typeof inner === 'string' && key.endsWith('Env')) found.set(`environment variable ${inner}`, at);
      else look(inner, at);
    }
  };
  look(said, '');
  return found;
}

function once(files: readonly (string | null)[]): string[] {
  return [...new Set(files.filter((file) => file !== null))];
}
