// A configuration with the provider and the EHR where a test has put them, loaded as the gateway loads it.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfiguration } from '../../src/config/load.ts';
import { renderMistake } from '../../src/config/mistake.ts';
import type { Configuration } from '../../src/config/settings.ts';
import { temporaryDirectory } from './temporary-directory.ts';

export interface LivePlaces {
  readonly address?: string;
  readonly upstream?: string;
  readonly issuer?: string;
  /** More lines of the application, of `signIn`, and of the file. */
  readonly application?: readonly string[];
  readonly signIn?: readonly string[];
  readonly gateway?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
}

export const liveRules = `mode: enforce
roles: { nurse: Clinic-Nurses, it: [Clinic-IT] }
rules:
  - { name: screens, paths: /**, allow: everyone }
`;

/** The path of gateway.yaml; rules.yaml lies beside it. Removed when the test is over. */
export function liveFiles(places: LivePlaces): string {
  const directory = temporaryDirectory();
  const { address = 'http://localhost:8080', upstream = 'http://127.0.0.1:9', issuer = 'http://127.0.0.1:9' } = places;
  const lines = [
    'clinic: { name: Meadowbrook Clinic, timezone: America/Chicago, help: ext. 4357 }',
    'applications:',
    '  ehr:',
    `    address: ${address}`,
    `    upstream: ${upstream}`,
    ...(places.application ?? ['signOn: none']).map((line) => `    ${line}`),
    'signIn:',
    `  issuer: ${issuer}`,
    '  clientId: wardgate',
    '  clientSecretFile: client-secret',
    ...(places.signIn ?? []).map((line) => `  ${line}`),
    ...(places.gateway ?? []),
  ];
  writeFileSync(join(directory, 'client-secret'), 'a secret for the tests', { mode: 0o600 });
  writeFileSync(join(directory, 'gateway.yaml'), `${lines.join('\n')}\n`);
  writeFileSync(join(directory, 'rules.yaml'), liveRules);
  for (const [name, text] of Object.entries(places.files ?? {})) writeFileSync(join(directory, name), text);
  return join(directory, 'gateway.yaml');
}

/** Throws every mistake in words. */
export async function liveConfiguration(places: LivePlaces): Promise<Configuration> {
  const loaded = await loadConfiguration(liveFiles(places));
  if (!loaded.ok) throw new Error(loaded.mistakes.map(renderMistake).join('\n'));
  return loaded.configuration;
}
