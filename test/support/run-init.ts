// Runs `wardgate init` in this process: with options alone, or with lines that are typed.

import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { init } from '../../src/cli/init.ts';
import { loadConfiguration } from '../../src/config/load.ts';
import type { Loaded } from '../../src/config/load.ts';
import { renderMistake } from '../../src/config/mistake.ts';
import type { Configuration } from '../../src/config/settings.ts';

export interface InitRun {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** What the person saw who was asked. */
  readonly seen: string;
}

/** `typed` is null where nobody can be asked; `terminal` where a person types at a terminal. */
export async function runInit(
  args: readonly string[],
  typed: readonly string[] | null = null,
  terminal = false,
): Promise<InitRun> {
  const said = { out: '', err: '', seen: '' };
  const input = new PassThrough();
  const output = new PassThrough();
  const left = [...(typed ?? [])];
  output.on('data', (chunk: Buffer) => {
    said.seen += chunk.toString();
    // Behind the question a terminal is told where the cursor belongs.
    // oxlint-disable-next-line no-control-regex -- that is what it is told with
    if (terminal && /(?:: \u001B\[\d+G|later\): )$/.test(said.seen)) input.write(`${left.shift() ?? ''}\r`);
  });
  const print = {
    out: (line: string) => void (said.out += `${line}\n`),
    err: (line: string) => void (said.err += `${line}\n`),
  };
  if (typed === null) input.end();
  else if (!terminal) input.end(typed.map((line) => `${line}\n`).join(''));
  const asked = typed === null || terminal ? [] : ['--ask'];
  const code = await init([...args, ...asked], { print, input, output, terminal: typed !== null && terminal });
  return { code, ...said };
}

/** An answer to every question, for a clinic with the preset. */
export function everyOption(directory: string, preset = 'openemr'): readonly string[] {
  const roles = ['physician', 'nurse', 'front-desk', 'billing', 'records', 'it', 'privacy'];
  return [
    ['--directory', directory, '--address', 'https://ehr.northside.example', '--clinic', 'Northside'],
    ['--timezone', 'America/Chicago', '--help-line', 'ext. 4357', '--ehr', preset, '--upstream', 'https://10.20.0.5'],
    ['--sign-on', signOnOf(preset), '--provider', 'keycloak', '--issuer', 'https://login.northside.example/realms/clinic'],
    ['--client-id', 'wardgate', '--client-secret-file', 'client-secret', '--groups-as', 'group'],
    roles.flatMap((role) => ['--group', `${role}=Clinic-${role}`]),
    ['--certificate', 'ehr.pem', '--key-file', 'ehr.key', '--zone', 'clinic=10.20.0.0/16', '--audit', 'data/audit'],
    valuesOf(preset),
  ].flat();
}

function signOnOf(preset: string): string {
  return preset === 'hapi-fhir' || preset === 'other' ? 'none' : 'own-password';
}

/** What the sign-on of some presets cannot do without. */
function valuesOf(preset: string): readonly string[] {
  if (preset === 'openmrs-2') return ['--sign-on-value', 'location=6'];
  return preset === 'tomcat-form' ? ['--root', '/clinic', '--sign-on-value', 'entry=/clinic/start.jsp'] : [];
}

/** The same without some of the options and their values. */
export function without(args: readonly string[], ...options: readonly string[]): readonly string[] {
  return args.filter((word, at) => !options.includes(word) && !options.includes(args[at - 1] ?? ''));
}

/** What was written, by the loader that a start uses; secrets and certificates may be missing. */
export function written(directory: string): Promise<Loaded> {
  return loadConfiguration(join(directory, 'gateway.yaml'), { secrets: 'optional' });
}

/** Throws every mistake in words. */
export async function soundlyWritten(directory: string): Promise<Configuration> {
  const loaded = await written(directory);
  if (!loaded.ok) throw new Error(loaded.mistakes.map(renderMistake).join('\n'));
  return loaded.configuration;
}
