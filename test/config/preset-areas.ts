// The areas of one shipped preset as the rules see them, without rules that could hide one.

import { loadConfiguration } from '../../src/config/load.ts';
import { renderMistake } from '../../src/config/mistake.ts';
import { Findings } from '../../src/config/mistake.ts';
import { presetFile, readPreset, shippedPresets } from '../../src/config/presets.ts';
import type { Route } from '../../src/core/policy/policy.ts';
import { environment, soundGateway, writeConfiguration } from './write-configuration.ts';

/** Area → its routes, in the order of the file. Throws every mistake in words. */
export async function areasOf(preset: string): Promise<ReadonlyMap<string, readonly Route[]>> {
  const findings = new Findings();
  const read = await readPreset(presetFile(shippedPresets, preset), findings);
  const names = Object.keys(read?.value.areas ?? {});
  const rules = names.map((name) => `  - { name: ${name}, area: ehr.${name}, allow: everyone }\n`).join('');
  const written = await writeConfiguration(
    soundGateway.replace('preset: small', `preset: ${preset}`),
    `roles: { staff: Staff }\nrules:\n${rules}`,
  );
  const loaded = await loadConfiguration(written.gateway, { environment });
  const mistakes = [...findings.mistakes, ...(loaded.ok ? [] : loaded.mistakes)];
  if (!loaded.ok || mistakes.length > 0) throw new Error(mistakes.map(renderMistake).join('\n'));
  return new Map(loaded.configuration.policy.rules.map(({ name, routes }) => [name, routes]));
}
