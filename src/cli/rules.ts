// `wardgate rules observed` and `wardgate rules history`: what the rules would have refused while they were only observed,
// with the smallest change for each; and which versions were applied, by whom and why. Neither changes anything.

import { parseArgs } from 'node:util';
import { terminal } from './printer.ts';
import type { Printer } from './printer.ts';
import { historyLines } from './rules/history.ts';
import { observedLines, observedReport } from './observed/observed-report.ts';
import { defaultSince, sinceWhen } from './rules/since.ts';
import { soundConfiguration } from './sound-configuration.ts';
import { systemClock } from '../adapters/clock-system.ts';
import { openVersions } from './rules/rules-on-disk.ts';
import { currentRules } from './rules/install-rules.ts';
import { rulesFileOf } from '../config/load.ts';
import { loadSettings } from '../config/load-settings.ts';
import { renderMistake } from '../config/mistake.ts';
import { existing, judged, UsageProblem } from './usage-problem.ts';

const usage = `wardgate rules observed [--since 7d] [--config config/gateway.yaml] [--json]
wardgate rules history [--config config/gateway.yaml] [--json]`;

const config = { type: 'string', default: 'config/gateway.yaml' } as const;
const json = { type: 'boolean', default: false } as const;

/** Exit code of observed: 0 nothing would be refused, 1 something would. Of history: 0, or 1 where a note cannot be believed. 2 wrong usage. */
export function rules(args: string[], print: Printer = terminal): Promise<number> {
  return judged(usage, print, async () => {
    const [verb = '', ...rest] = args;
    switch (verb) {
      case 'observed':
        return observed(
          parseArgs({ args: rest, options: { config, json, since: { type: 'string', default: defaultSince } } }).values,
          print,
        );
      case 'history':
        return history(parseArgs({ args: rest, options: { config, json } }).values, print);
      default:
        throw new UsageProblem(verb === '' ? 'A command is missing' : `There is no command "rules ${verb}"`);
    }
  });
}

async function observed(given: { config: string; since: string; json: boolean }, print: Printer): Promise<number> {
  const since = sinceWhen(given.since, systemClock.now());
  const configuration = await soundConfiguration(given.config, print);
  if (configuration === null) return 2;
  const report = await observedReport(configuration, since);
  for (const line of given.json ? [JSON.stringify(report)] : observedLines(report)) print.out(line);
  return report.rows.length === 0 ? 0 : 1;
}

async function history(given: { config: string; json: boolean }, print: Printer): Promise<number> {
  const loaded = await loadSettings(existing(given.config, 'Configuration file'), { secrets: 'optional' });
  if (!loaded.ok) {
    for (const mistake of loaded.mistakes) print.err(renderMistake(mistake));
    return 2;
  }
  const versions = openVersions(loaded.settings);
  const notes = versions.notes();
  const current = currentRules(rulesFileOf(given.config));
  for (const line of historyLines(notes, current, versions.taken(), given.json)) print.out(line);
  return notes.every(({ note }) => note !== null) ? 0 : 1;
}
