// Finds the preset that an application names: one that is shipped, or a file of IT's own beside gateway.yaml.

import { access } from 'node:fs/promises';
import { didYouMean, listed } from './did-you-mean.ts';
import type { GatewayFile } from './gateway-schema.ts';
import { presetFile, presetNames, readPreset, shippedPresets } from './presets.ts';
import type { Preset } from './presets.ts';
import type { LoadOptions, Reading } from './reading.ts';
import type { KeyPath } from './yaml-source.ts';

export interface ChosenPreset {
  readonly preset: Preset;
  /** Absolute path, to be read again with the rules. */
  readonly file: string;
  /** False where the file holds mistakes: what was cut out because of them must not be missed a second time. */
  readonly sound: boolean;
}

/** The preset, or null where none is named or it cannot be read; then that has been reported. */
export async function chosenPreset(
  reading: Reading<GatewayFile>,
  options: LoadOptions,
  at: KeyPath,
  name: string | undefined,
): Promise<ChosenPreset | null> {
  if (name === undefined) return null;
  const file = /\/|\.yaml$/.test(name)
    ? await ownFile(reading, options, at, name)
    : await shippedFile(reading, options, at, name);
  if (file === null) return null;
  const { mistakes } = reading.findings;
  const before = mistakes.length;
  const preset = await readPreset(file, reading.findings);
  return preset === null ? null : { preset, file, sound: mistakes.length === before };
}

async function ownFile(reading: Reading<GatewayFile>, options: LoadOptions, at: KeyPath, name: string): Promise<string | null> {
  const file = reading.resolve(name);
  const exists = await access(file).then(
    () => true,
    () => false,
  );
  if (exists) return file;
  const shipped = await presetNames(options.presets ?? shippedPresets);
  const meant = shipped.find((one) => `${one}.yaml` === name.toLowerCase());
  const hint = meant === undefined ? '' : `; the one that comes with the gateway is named without its ending, write ${meant}`;
  reading.mistake(at, `Preset file "${name}" cannot be read, looked for ${file}${hint}`);
  return null;
}

async function shippedFile(
  reading: Reading<GatewayFile>,
  options: LoadOptions,
  at: KeyPath,
  name: string,
): Promise<string | null> {
  const directory = options.presets ?? shippedPresets;
  const names = await presetNames(directory);
  if (names.includes(name)) return presetFile(directory, name);
  const there = `there are ${listed(names, 'and')}`;
  reading.mistake(
    at,
    `Preset "${name}" does not exist, ${there}`,
    didYouMean(name, names) ?? didYouMean(name.replace(/[\s_-]*v?\d[\d.]*$/i, ''), names),
  );
  return null;
}
