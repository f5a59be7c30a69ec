// Loads gateway.yaml alone, for commands that must work while rules.yaml holds a mistake: a backup above all.

import { gatewayParts } from './gateway-schema.ts';
import { gatewaySettings } from './gateway-settings.ts';
import { Findings, sortMistakes } from './mistake.ts';
import type { Mistake } from './mistake.ts';
import { parseFile } from './parse-file.ts';
import type { PartialSettings } from './gateway-settings.ts';
import { Reading } from './reading.ts';
import type { LoadOptions } from './reading.ts';
import { readYamlSource } from './yaml-source.ts';

export type LoadedSettings =
  | {
      readonly ok: true;
      readonly settings: PartialSettings;
      /** What the file says, for whoever needs its own words. */
      readonly said: unknown;
      /** A path as seen from the file. */
      readonly resolve: (path: string) => string;
    }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] };

/** `file` is shown in messages as it is given. */
export async function loadSettings(file: string, options: LoadOptions = {}): Promise<LoadedSettings> {
  const findings = new Findings();
  const source = await readYamlSource(file, findings);
  const parsed = source === null ? null : parseFile(gatewayParts, source, findings);
  const reading = parsed === null ? null : new Reading(parsed, findings, options);
  const settings = reading === null ? null : await gatewaySettings(reading, options);
  if (findings.mistakes.length > 0 || reading === null || settings === null) {
    return { ok: false, mistakes: sortMistakes(findings.mistakes, [file]) };
  }
  return { ok: true, settings, said: reading.parsed.source.value, resolve: (path) => reading.resolve(path) };
}
