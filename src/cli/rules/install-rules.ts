// Puts a version of the rules in force: keeps it, writes the note that says who and why, and replaces the rule file in one
// step. The note comes first, so that a gateway that sees the file finds its author; power that goes in between leaves the
// old file, and a note of rules that never came.

import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { isLogHeld } from '../../adapters/audit-lock.ts';
import { systemClock } from '../../adapters/clock-system.ts';
import { versionOf } from '../../adapters/rule-versions.ts';
import type { RuleNote, RuleVersions } from '../../adapters/rule-versions.ts';
import type { RulesAuthor } from '../../core/audit/rules-note.ts';
import { writeOwned } from '../../adapters/write-owned.ts';
import { rulesFileOf } from '../../config/load.ts';
import type { Settings } from '../../config/settings.ts';

export interface Author extends Omit<RulesAuthor, 'time'> {
  readonly deed: 'applied' | 'rolled back';
}

/** A gateway reads the file within a second; a busy machine may take longer. */
const mostLooks = 300;
const lookMilliseconds = 100;

/** `before` is what stood in the rule file when `bytes` were judged; throws where something else stands there by now. */
export function installRules(
  settings: Settings,
  versions: RuleVersions,
  bytes: Buffer,
  before: Buffer | null,
  author: Author & { readonly effect: readonly string[] },
): RuleNote {
  const file = rulesFileOf(settings.file);
  const previous = before === null ? null : versions.keep(before);
  const version = versions.keep(bytes);
  const note = versions.write({ ...author, version, previous, time: new Date(systemClock.now()).toISOString() });
  const now = currentRules(file);
  if ((now === null ? null : versionOf(now)) !== previous) {
    throw new Error(`"${file}" was changed meanwhile, so nothing was replaced; look at it and try again`);
  }
  // A link stays one: what it points to is replaced.
  const place = existsSync(file) ? realpathSync(file) : file;
  writeOwned(place, bytes, existsSync(place) ? place : settings.file);
  return note;
}

/** What stands in the rule file; null where there is none. */
export function currentRules(file: string): Buffer | null {
  return existsSync(file) ? readFileSync(file) : null;
}

/** Whether a gateway runs on this data, and if so whether it has these rules in force and on record. */
export async function takenByGateway(
  settings: Settings,
  versions: RuleVersions,
  note: RuleNote,
): Promise<'stopped' | 'taken' | 'not-yet'> {
  for (let looks = 0; looks < mostLooks; looks += 1) {
    const taken = versions.taken();
    if (taken?.sequence === note.sequence && taken.version === note.version) return 'taken';
    if (!isLogHeld(settings.audit.directory)) return 'stopped';
    await wait(lookMilliseconds);
  }
  return 'not-yet';
}
