// `wardgate apply`: takes a new version of the rules, with who, why and who approved it. It is checked as at a start, its own
// tests included, kept under its hash, and replaces the rule file in one step; a running gateway takes it by itself. What
// changes in the file, and which role gains or loses what, is shown first and kept with the version.

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { systemClock } from '../adapters/clock-system.ts';
import { versionOf } from '../adapters/rule-versions.ts';
import { rulesFileOf } from '../config/load.ts';
import { renderMistake } from '../config/mistake.ts';
import type { Configuration } from '../config/settings.ts';
import { rulebook } from './recorded/rulebook.ts';
import { conversation } from './init/conversation.ts';
import { terminal } from './printer.ts';
import type { Printer } from './printer.ts';
import { replayRules } from './replay.ts';
import { currentRules, installRules, takenByGateway } from './rules/install-rules.ts';
import type { Author } from './rules/install-rules.ts';
import { lineDiff } from '../core/text/line-diff.ts';
import { visible } from '../core/text/visible.ts';
import { rightsEffect } from './rules/rights-effect.ts';
import { replayLines } from './rules/replay-text.ts';
import { loadWith, named, openVersions, personOf } from './rules/rules-on-disk.ts';
import { defaultSince, sinceWhen } from './rules/since.ts';
import { existing, judged, UsageProblem } from './usage-problem.ts';

const usage = `wardgate apply --reason "…" [--approver NAME] [--rules new.yaml] [--person NAME] [--config config/gateway.yaml]
wardgate apply --dry-run [--rules new.yaml] [--since 7d] [--config config/gateway.yaml]

--rules    the new version; without it the rule file as it stands, which was edited in its place
--person   who applies it, where the account on this machine does not tell; that stands there in any case
--reason   why; at a terminal it is asked for once the change has been shown, and an empty one changes nothing
--dry-run  shows that and what recorded requests would have met, and changes nothing`;

const options = {
  rules: { type: 'string' },
  reason: { type: 'string' },
  approver: { type: 'string' },
  person: { type: 'string' },
  since: { type: 'string', default: defaultSince },
  config: { type: 'string', default: 'config/gateway.yaml' },
  'dry-run': { type: 'boolean', default: false },
} as const;

interface Given {
  readonly since: string;
}

/** Asks whoever sits there for a reason; null where nobody does. */
export type AskReason = (() => Promise<string | null>) | null;

/** Exit code: 0 applied (or would be), 1 not, 2 wrong usage. */
export function apply(args: string[], print: Printer = terminal, ask: AskReason = reasonAtTerminal()): Promise<number> {
  return judged(usage, print, async () => {
    const { values: given } = parseArgs({ args, options });
    const willAsk = given.reason === undefined && !given['dry-run'] ? ask : null;
    // What is missing is told before anything is read.
    if (!given['dry-run'] && willAsk === null) authorOf('applied', given);
    const file = given.rules ?? rulesFileOf(given.config);
    const bytes = readFileSync(existing(file, 'File'));
    const loaded = await loadWith(existing(given.config, 'Configuration file'), bytes, file);
    if (!loaded.ok) {
      for (const mistake of loaded.mistakes) print.err(renderMistake(mistake));
      print.err('The rules are not sound, and nothing was changed');
      return 1;
    }
    for (const warning of loaded.warnings) print.out(renderMistake({ ...warning, message: `Warning: ${warning.message}` }));
    const effect = await showChange(loaded.configuration, bytes, print);
    if (given['dry-run']) return replay(loaded.configuration, given, print);
    const reason = willAsk === null ? given.reason : ((await willAsk()) ?? '').trim();
    if (reason === '' && willAsk !== null) {
      print.out('Nothing was changed');
      return 1;
    }
    return installAndTell(loaded.configuration, bytes, { ...authorOf('applied', { ...given, reason }), effect }, print);
  });
}

function reasonAtTerminal(): AskReason {
  if (!process.stdin.isTTY) return null;
  return async () => {
    const person = conversation(process.stdin, process.stdout, true);
    try {
      return await person.ask('Why is this changed (an empty line changes nothing): ');
    } finally {
      person.close();
    }
  };
}

export interface GivenAuthor {
  readonly reason?: string | undefined;
  readonly approver?: string | undefined;
  readonly person?: string | undefined;
}

/** Throws a UsageProblem for a missing reason, and for people who approve themselves. */
export function authorOf(deed: Author['deed'], { reason, approver, person }: GivenAuthor): Author {
  if (reason === undefined) throw new UsageProblem('Option --reason is missing');
  const by = personOf(person);
  const approved = approver === undefined ? null : named(approver, 'approver');
  if (approved !== null && [by, person, personOf(undefined)].some((name) => name?.toLowerCase() === approved.toLowerCase())) {
    throw new UsageProblem(`"${approved}" applies the rules, and somebody else must approve them`);
  }
  return { deed, person: by, reason: named(reason, 'reason'), approver: approved };
}

/** What changes in the file, and which role gains or loses what; the latter is returned. */
export async function showChange(configuration: Configuration, bytes: Buffer, print: Printer): Promise<readonly string[]> {
  const before = currentRules(rulesFileOf(configuration.settings.file));
  const lines = lineDiff(before?.toString('utf8') ?? '', bytes.toString('utf8'));
  for (const line of lines.length === 0 ? ['The file stays as it is'] : lines) print.out(visible(line));
  const effect = await rightsEffect(configuration, before);
  for (const line of effect.length === 0 ? ['No role gains or loses anything'] : effect) print.out(visible(line));
  return effect;
}

async function replay({ settings, policy }: Configuration, given: Given, print: Printer): Promise<number> {
  const since = sinceWhen(given.since, systemClock.now());
  for (const line of replayLines(await replayRules(settings, rulebook(policy), since))) print.out(line);
  print.out('Nothing was changed');
  return 0;
}

/** Also what a rollback does with the version it has found. */
export async function installAndTell(
  { settings }: Configuration,
  bytes: Buffer,
  author: Author & { readonly effect: readonly string[] },
  print: Printer,
): Promise<number> {
  const versions = openVersions(settings);
  const before = currentRules(rulesFileOf(settings.file));
  const note = installRules(settings, versions, bytes, before, author);
  const was = before === null ? 'no rules' : versionOf(before).slice(0, 16);
  print.out(
    `Version ${note.version.slice(0, 16)} is ${author.deed === 'applied' ? 'applied' : 'back'} (number ${note.sequence}, before it ${was})`,
  );
  const standing = await takenByGateway(settings, versions, note);
  if (standing === 'taken') print.out('The running gateway has it in force, and on record');
  if (standing === 'stopped') print.out('No gateway is running here; the next start takes it');
  if (standing === 'not-yet') {
    print.err('The running gateway has not taken it yet; its log says why, and "wardgate rollback" goes back');
    return 1;
  }
  return 0;
}
