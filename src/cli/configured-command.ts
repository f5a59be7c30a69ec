// The frame of a command with commands of its own (`vault list`): its words are read first, then the configuration it names, and
// only then is anything done.

import type { Settings } from '../config/settings.ts';
import type { Printer } from './printer.ts';
import { soundConfiguration } from './sound-configuration.ts';
import { judged } from './usage-problem.ts';

/** One command as it was asked for, its options checked. */
export interface ConfiguredWork {
  /** The file of the configuration. */
  readonly config: string;
}

export interface ConfiguredCommand<Work extends ConfiguredWork> {
  readonly usage: string;
  /** Throws UsageProblem. */
  readonly workOf: (name: string, args: string[]) => Work;
  readonly run: (work: Work, settings: Settings, print: Printer) => number | Promise<number>;
}

/** Exit code: what `run` gives; 1 for what is known to go wrong; 2 for wrong usage or a configuration that cannot be used. */
export function configuredCommand<Work extends ConfiguredWork>(
  { usage, workOf, run }: ConfiguredCommand<Work>,
  args: readonly string[],
  print: Printer,
): Promise<number> {
  return judged(usage, print, async () => {
    const [name = '', ...rest] = args;
    const work = workOf(name, rest);
    const configuration = await soundConfiguration(work.config, print);
    return configuration === null ? 2 : run(work, configuration.settings, print);
  });
}
