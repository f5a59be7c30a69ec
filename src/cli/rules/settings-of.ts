// gateway.yaml for commands about rules, which must work while rules.yaml holds a mistake.

import { loadSettings } from '../../config/load-settings.ts';
import type { LoadedSettings } from '../../config/load-settings.ts';
import { renderMistake } from '../../config/mistake.ts';
import type { Printer } from '../printer.ts';
import { existing } from '../usage-problem.ts';

type Sound = Extract<LoadedSettings, { readonly ok: true }>;

/** Null where it has mistakes, which are printed. */
export async function settingsOf(config: string, print: Printer): Promise<Sound['settings'] | null> {
  const loaded = await loadSettings(existing(config, 'Configuration file'), { secrets: 'optional' });
  if (loaded.ok) return loaded.settings;
  for (const mistake of loaded.mistakes) print.err(renderMistake(mistake));
  return null;
}
