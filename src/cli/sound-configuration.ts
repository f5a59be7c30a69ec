// The configuration as a command needs it that works beside a running gateway: sound, and without the secrets that it has
// no use for and may not be allowed to read.

import { existsSync } from 'node:fs';
import { loadConfiguration } from '../config/load.ts';
import { renderMistake } from '../config/mistake.ts';
import type { Configuration } from '../config/settings.ts';
import type { Printer } from './printer.ts';
import { UsageProblem } from './usage-problem.ts';

/** Null where it has mistakes, which are printed. Throws a UsageProblem where there is none. */
export async function soundConfiguration(file: string, print: Printer): Promise<Configuration | null> {
  if (!existsSync(file)) throw new UsageProblem(`Configuration file "${file}" does not exist, name it with --config`);
  const loaded = await loadConfiguration(file, { secrets: 'optional' });
  if (loaded.ok) return loaded.configuration;
  for (const mistake of loaded.mistakes) print.err(renderMistake(mistake));
  return null;
}
