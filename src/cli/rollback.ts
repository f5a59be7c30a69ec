// `wardgate rollback`: goes back to the last good version of the rules, or to a named one, the same way as `wardgate apply`.

import { parseArgs } from 'node:util';
import { versionOf } from '../adapters/rule-versions.ts';
import type { RuleVersions } from '../adapters/rule-versions.ts';
import { rulesFileOf } from '../config/load.ts';
import { loadSettings } from '../config/load-settings.ts';
import { renderMistake } from '../config/mistake.ts';
import { authorOf, installAndTell, showChange } from './apply.ts';
import { terminal } from './printer.ts';
import type { Printer } from './printer.ts';
import { currentRules } from './rules/install-rules.ts';
import { fewestDigits } from './rules/find-version.ts';
import { lastGood } from './rules/last-good.ts';
import { loadWith, openVersions } from './rules/rules-on-disk.ts';
import { existing, judged } from './usage-problem.ts';

const usage = `wardgate rollback --reason "…" [--to VERSION] [--approver NAME] [--person NAME] [--config config/gateway.yaml]

--to  the first digits of a version, or its number, as "wardgate rules history" lists them`;

const options = {
  to: { type: 'string' },
  reason: { type: 'string' },
  approver: { type: 'string' },
  person: { type: 'string' },
  config: { type: 'string', default: 'config/gateway.yaml' },
} as const;

/** Exit code: 0 done, 1 not, 2 wrong usage or a configuration that cannot be used. */
export function rollback(args: string[], print: Printer = terminal): Promise<number> {
  return judged(usage, print, async () => {
    const { values } = parseArgs({ args, options });
    const author = authorOf('rolled back', values);
    const settings = await loadSettings(existing(values.config, 'Configuration file'), { secrets: 'optional' });
    if (!settings.ok) {
      for (const mistake of settings.mistakes) print.err(renderMistake(mistake));
      return 2;
    }
    const { version, bytes } = chosen(openVersions(settings.settings), values.to, rulesFileOf(values.config));
    const loaded = await loadWith(values.config, bytes, `version ${version.slice(0, 16)}`);
    if (!loaded.ok) {
      for (const mistake of loaded.mistakes) print.err(renderMistake(mistake));
      print.err('That version is not sound beside gateway.yaml as it is now, and nothing was changed; name another with --to');
      return 1;
    }
    const effect = await showChange(loaded.configuration, bytes, print);
    return installAndTell(loaded.configuration, bytes, { ...author, effect }, print);
  });
}

function chosen(
  versions: RuleVersions,
  to: string | undefined,
  file: string,
): { readonly version: string; readonly bytes: Buffer } {
  const notes = versions.notes().flatMap(({ note }) => note ?? []);
  const bytes = currentRules(file);
  const number = /^\d{1,6}$/.test(to ?? '') ? Number(to) : null;
  const named = number === null ? to : notes.find(({ sequence }) => sequence === number)?.version;
  const digits = to === undefined ? lastGood(notes, bytes === null ? null : versionOf(bytes)) : named;
  if (digits === null || digits === undefined) {
    throw new Error(to === undefined ? 'There is no version before this one to go back to' : `There is no version "${to}"`);
  }
  const found = digits.length >= fewestDigits ? versions.find(digits) : null;
  if (found === null)
    throw new Error(`Version "${digits.slice(0, 16)}" is not kept here, or was changed, or is several; name another with --to`);
  return found;
}
