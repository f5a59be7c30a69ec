// `wardgate replay`: who would gain or lose what under other rules, from the recorded traffic of the last days. It asks the
// code that decides in production and changes nothing; it works beside a running gateway.

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { systemClock } from '../adapters/clock-system.ts';
import { renderMistake } from '../config/mistake.ts';
import { loadRules } from '../config/load.ts';
import type { Settings } from '../config/settings.ts';
import { replayTraffic } from './recorded/replay.ts';
import type { Replayed } from './recorded/replay.ts';
import { rulebook } from './recorded/rulebook.ts';
import type { Rulebook } from './recorded/rulebook.ts';
import { terminal } from './printer.ts';
import type { Printer } from './printer.ts';
import { isUnchanged, replayJson, replayLines } from './rules/replay-text.ts';
import { knownRules, loadWith } from './rules/rules-on-disk.ts';
import { defaultSince, sinceWhen } from './rules/since.ts';
import { existing, judged, UsageProblem } from './usage-problem.ts';

const usage = `wardgate replay --rules new.yaml [--since 7d] [--config config/gateway.yaml] [--json]`;

const options = {
  rules: { type: 'string' },
  since: { type: 'string', default: defaultSince },
  config: { type: 'string', default: 'config/gateway.yaml' },
  json: { type: 'boolean', default: false },
} as const;

/**
 * Exit code: 0 nobody gains or loses anything, 1 somebody does or may (what cannot be told counts as may), 2 wrong usage or
 * a configuration that cannot be used.
 */
export function replay(args: string[], print: Printer = terminal): Promise<number> {
  return judged(usage, print, async () => {
    const { rules, since, config, json } = parseArgs({ args, options }).values;
    if (rules === undefined) throw new UsageProblem('Option --rules is missing');
    const from = sinceWhen(since, systemClock.now());
    const loaded = await loadWith(existing(config, 'Configuration file'), readFileSync(existing(rules, 'File')), rules);
    if (!loaded.ok) {
      for (const mistake of loaded.mistakes) print.err(renderMistake(mistake));
      return 2;
    }
    const { settings, policy } = loaded.configuration;
    const replayed = await replayRules(settings, rulebook(policy), from);
    for (const line of json ? [replayJson(replayed)] : replayLines(replayed)) print.out(line);
    return isUnchanged(replayed) ? 0 : 1;
  });
}

/** The rules in force are used to tell what the record leaves open, where they can be read. */
export async function replayRules(settings: Settings, next: Rulebook, since: number): Promise<Replayed> {
  const current = await loadRules(settings);
  return replayTraffic(settings, next, knownRules(settings, current.ok ? rulebook(current.policy) : null), since);
}
