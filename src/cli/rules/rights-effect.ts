// Which role gains or loses what when other rules take the place of those in the file, in lines. What cannot be read any
// more cannot be compared, and that is said.

import { rulesFileOf } from '../../config/load.ts';
import type { Configuration } from '../../config/settings.ts';
import { readingsOf } from '../../core/rights/readings-of.ts';
import { rightLines } from '../../core/rights/right-changes.ts';
import { loadWith } from './rules-on-disk.ts';

/** `before` is what stands in the file; null where there is none. */
export async function rightsEffect({ settings, policy }: Configuration, before: Buffer | null): Promise<readonly string[]> {
  const old = before === null ? null : await loadWith(settings.file, before, rulesFileOf(settings.file));
  if (old === null || !old.ok)
    return ['who gains or loses what is not known: the rules before cannot be read beside gateway.yaml'];
  return rightLines(old.configuration.policy, policy, readingsOf(settings.applications));
}
