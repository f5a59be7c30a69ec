// `wardgate rules observed`: what the rules would have refused while they were only observed, with the smallest change for
// each. `history`, `diff`: which versions were in force, by whom and why, and what they have different. `claim`: who changed
// a file by hand says so. None of them changes what is in force.

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
import { authorOf } from './apply.ts';
import { claim } from './rules/claim.ts';
import { diff } from './rules/diff.ts';
import { settingsOf } from './rules/settings-of.ts';
import { judged, UsageProblem } from './usage-problem.ts';

const usage = `wardgate rules observed [--since 7d] [--config config/gateway.yaml] [--json]
wardgate rules history [--settings] [--config config/gateway.yaml] [--json]
wardgate rules diff A [B] [--settings] [--config config/gateway.yaml] [--json]
wardgate rules claim [rules 12] --because "…" [--approver NAME] [--person NAME] [--config config/gateway.yaml]

A, B        versions, by number or first digits as the history lists them; without B the rule file as it stands
--settings  of what gateway.yaml says in the place of the rules
rules 12    the change by hand, or settings 3; needed where several have no author`;

const config = { type: 'string', default: 'config/gateway.yaml' } as const;
const json = { type: 'boolean', default: false } as const;
const settings = { type: 'boolean', default: false } as const;
const text = { type: 'string' } as const;

/**
 * Exit code of observed: 0 nothing would be refused, 1 something would. Of history: 0, or 1 where a note cannot be believed. Of
 * diff: 0 the same, 1 not. Of claim: 0 done, 1 not. 2 wrong usage.
 */
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
        return history(parseArgs({ args: rest, options: { config, json, settings } }).values, print);
      case 'diff': {
        const { values, positionals } = parseArgs({ args: rest, options: { config, json, settings }, allowPositionals: true });
        return diff(positionals, values, print);
      }
      case 'claim':
        return claimed(rest, print);
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

async function history(given: { config: string; json: boolean; settings: boolean }, print: Printer): Promise<number> {
  const loaded = await settingsOf(given.config, print);
  if (loaded === null) return 2;
  const versions = openVersions(loaded, given.settings ? 'settings' : 'rules');
  const notes = versions.notes();
  const current = given.settings ? null : currentRules(rulesFileOf(given.config));
  for (const line of historyLines(notes, current, versions.taken(), given)) print.out(line);
  return notes.every(({ note }) => note !== null) ? 0 : 1;
}

async function claimed(args: string[], print: Printer): Promise<number> {
  const options = { config, because: text, approver: text, person: text };
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  if (values.because === undefined) throw new UsageProblem('Option --because is missing');
  const { person, reason, approver } = authorOf('applied', { ...values, reason: values.because });
  const loaded = await settingsOf(values.config, print);
  return loaded === null ? 2 : claim(loaded, positionals.join(' '), { person, reason, approver }, print);
}
