// `wardgate rules diff A B`: what two versions of the rules have different, in lines and in what each role may; or two
// versions of what gateway.yaml says. Changes nothing.

import { rulesFileOf } from '../../config/load.ts';
import { readingsOf } from '../../core/rights/readings-of.ts';
import { rightLines } from '../../core/rights/right-changes.ts';
import { lineDiff } from '../../core/text/line-diff.ts';
import { visible } from '../../core/text/visible.ts';
import type { Printer } from '../printer.ts';
import { UsageProblem } from '../usage-problem.ts';
import { findVersion } from './find-version.ts';
import { currentRules } from './install-rules.ts';
import { loadWith, openVersions } from './rules-on-disk.ts';
import { settingsOf } from './settings-of.ts';

export interface GivenDiff {
  readonly config: string;
  readonly settings: boolean;
  readonly json: boolean;
}

/** Exit code: 0 they are the same, 1 they are not. */
export async function diff(names: readonly string[], given: GivenDiff, print: Printer): Promise<number> {
  const [first, second = 'file', ...more] = names;
  if (first === undefined || more.length > 0) throw new UsageProblem('Two versions are compared; name one or two');
  const settings = await settingsOf(given.config, print);
  if (settings === null) return 2;
  const versions = openVersions(settings, given.settings ? 'settings' : 'rules');
  const bytesOf = (name: string): Buffer => {
    const bytes =
      name === 'file' && !given.settings ? currentRules(rulesFileOf(given.config)) : findVersion(versions, name)?.bytes;
    if (bytes !== undefined && bytes !== null) return bytes;
    throw new Error(`Version "${name}" is not kept here, or was changed, or is several; "wardgate rules history" lists them`);
  };
  const [before, after] = [bytesOf(first), bytesOf(second === 'file' && given.settings ? newestOf(versions) : second)];
  const lines = lineDiff(before.toString('utf8'), after.toString('utf8'));
  const effect = given.settings ? [] : await effectOf(given.config, before, after);
  if (given.json) print.out(JSON.stringify({ lines, effect }));
  else for (const line of [...lines, ...effect]) print.out(visible(line));
  if (!given.json && lines.length === 0) print.out('They are the same');
  return lines.length === 0 ? 0 : 1;
}

function newestOf(versions: ReturnType<typeof openVersions>): string {
  return versions.taken()?.version ?? versions.newest()?.version ?? '';
}

async function effectOf(config: string, before: Buffer, after: Buffer): Promise<readonly string[]> {
  const [old, next] = [await loadWith(config, before, 'the first'), await loadWith(config, after, 'the second')];
  if (!old.ok || !next.ok) return ['Who gains or loses what is not known: one of them does not fit gateway.yaml as it is now'];
  const { settings, policy } = next.configuration;
  return rightLines(old.configuration.policy, policy, readingsOf(settings.applications));
}
