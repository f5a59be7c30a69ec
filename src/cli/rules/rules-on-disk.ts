// The rules as they lie on this machine, for the commands that work on them: the file, the kept versions, and who may be
// named as their author.

import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { RuleVersions } from '../../adapters/rule-versions.ts';
import { FileSealer } from '../../adapters/sealer-file.ts';
import { loadConfiguration, rulesFileOf } from '../../config/load.ts';
import type { Loaded } from '../../config/load.ts';
import { mostNoteCharacters } from '../../core/audit/rules-note.ts';
import type { ChangedFile } from '../../core/audit/rules-note.ts';
import type { Settings } from '../../config/settings.ts';
import { KnownRules } from '../recorded/known-rules.ts';
import type { Rulebook } from '../recorded/rulebook.ts';
import { UsageProblem } from '../usage-problem.ts';

/** Throws, naming the fix, where the master key cannot be read: notes that nobody can believe are none. */
export function openVersions(
  { dataDirectory, masterKeyFile }: Pick<Settings, 'dataDirectory' | 'masterKeyFile'>,
  of: ChangedFile = 'rules',
): RuleVersions {
  return new RuleVersions(dataDirectory, new FileSealer(masterKeyFile), of);
}

/** The kept versions of the rules by the digits that records name. Their text needs no key. */
export function knownRules(settings: Settings, current: Rulebook | null): KnownRules {
  const never = (): never => {
    throw new Error('Nothing is sealed or opened here');
  };
  const versions = new RuleVersions(settings.dataDirectory, { seal: never, open: never });
  return new KnownRules(settings.file, current, (digits) => versions.find(digits)?.bytes.toString('utf8') ?? null);
}

/** The gateway's file with another text of the rules; mistakes name `shownAs`. */
export async function loadWith(config: string, rules: Buffer, shownAs: string): Promise<Loaded> {
  const text = rules.toString('utf8');
  if (!Buffer.from(text).equals(rules)) throw new Error(`File "${shownAs}" is not UTF-8, save it as UTF-8`);
  const texts = { gateway: readFileSync(config, 'utf8'), rules: text };
  const loaded = await loadConfiguration(config, { secrets: 'optional', texts });
  const own = rulesFileOf(config);
  const renamed = <T extends { readonly file: string }>(all: readonly T[]): T[] =>
    all.map((one) => (one.file === own ? { ...one, file: shownAs } : one));
  return loaded.ok ? { ...loaded, warnings: renamed(loaded.warnings) } : { ok: false, mistakes: renamed(loaded.mistakes) };
}

/** The account that runs the command, and the person it says it is: the account stands there in any case. */
export function personOf(given: string | undefined): string {
  return named(given === undefined ? account() : `${given} (${account()})`, 'person');
}

/** A text of the command line that goes into a record whole, or not at all. */
export function named(text: string, what: keyof typeof mostNoteCharacters): string {
  const plain = text.trim();
  const most = mostNoteCharacters[what];
  if (plain === '') throw new UsageProblem(`The ${what} is empty, write it in quotes`);
  if (plain.length > most) throw new UsageProblem(`The ${what} has ${plain.length} characters, and the record keeps ${most}`);
  return plain;
}

function account(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}
