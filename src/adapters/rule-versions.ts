// Keeps every version of the rules that was in force in the data directory, each under its hash, and beside them one sealed
// note for each change: who, why, when, and who gained or lost what. The same for gateway.yaml, in a directory of its own, by
// what it says and without its comments. A note is bound to its number and believed only where the master key opens it, so
// that whoever can write here and not read that key can neither forge a name nor move one to other rules.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ChangedFile } from '../core/audit/rules-note.ts';
import type { Sealer } from '../ports.ts';
import { syncDirectory } from './sync-directory.ts';
import { ownLike, writeOwned, writeOwnedMeanwhile } from './write-owned.ts';

const noteShape = z.strictObject({
  sequence: z.int(),
  /** SHA-256 of the rules, hex. */
  version: z.string(),
  /** Of those it replaced; null where there were none. */
  previous: z.string().nullable(),
  /** `by hand`: the gateway found the file changed, and nobody had said who did it. `claimed`: somebody said so later. */
  deed: z.enum(['applied', 'rolled back', 'by hand', 'claimed']),
  /** Null of a change by hand, and so is the reason. */
  person: z.string().nullable(),
  reason: z.string().nullable(),
  approver: z.string().nullable(),
  /** Number of the note by hand that is claimed. */
  claims: z.int().optional(),
  /** Who gained or lost what, in lines; absent where nobody could tell. */
  effect: z.array(z.string()).readonly().optional(),
  /** ISO 8601, UTC. */
  time: z.string(),
});
const takenShape = z.strictObject({ version: z.string(), sequence: z.int() });

export type RuleNote = z.output<typeof noteShape>;
/** The rules the gateway put in force last, and the number of the newest note at that time; 0 for none. */
export type TakenRules = z.output<typeof takenShape>;

/** `note` is null where the file is none of ours, or its key is gone. */
export interface FoundNote {
  readonly sequence: number;
  readonly note: RuleNote | null;
}

/** A note of the one file is none of the other. */
const purposes = {
  rules: { note: 'rules-note', taken: 'rules-taken', ending: 'yaml' },
  settings: { note: 'settings-note', taken: 'settings-taken', ending: 'txt' },
} as const satisfies Record<ChangedFile, unknown>;
const changedFiles: readonly ChangedFile[] = ['rules', 'settings'];
const takenFile = 'taken';
const takenOwner = 'this gateway';
const noteName = /^(\d{6})\.note$/;
const versionName = /^([0-9a-f]{64})\.(?:yaml|txt)$/;
const mostNotes = 999_999;

export function ruleVersionsDirectory(dataDirectory: string, of: ChangedFile = 'rules'): string {
  return join(dataDirectory, of);
}

export function versionOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export class RuleVersions {
  readonly #dataDirectory: string;
  readonly #directory: string;
  readonly #sealer: Sealer;
  readonly of: ChangedFile;

  constructor(dataDirectory: string, sealer: Sealer, of: ChangedFile = 'rules') {
    this.#dataDirectory = dataDirectory;
    this.#directory = ruleVersionsDirectory(dataDirectory, of);
    this.#sealer = sealer;
    this.of = of;
  }

  /** Oldest first. */
  notes(): readonly FoundNote[] {
    return this.#numbers().map((sequence) => ({ sequence, note: this.#note(sequence) }));
  }

  /** The newest that can be believed. */
  newest(): RuleNote | null {
    return this.#newest(() => true);
  }

  /** The newest by which somebody put a version in its place. */
  newestApplied(): RuleNote | null {
    return this.#newest(({ deed }) => deed === 'applied' || deed === 'rolled back');
  }

  #newest(fits: (note: RuleNote) => boolean): RuleNote | null {
    for (const sequence of this.#numbers().toReversed()) {
      const note = this.#note(sequence);
      if (note !== null && fits(note)) return note;
    }
    return null;
  }

  /** The bytes of the kept version whose hash begins so; null where there is none, or several, or its bytes are others. */
  find(digits: string): { readonly version: string; readonly bytes: Buffer } | null {
    const names = this.#names().flatMap((name) => versionName.exec(name)?.[1] ?? []);
    const [version, ...more] = names.filter((name) => name.startsWith(digits));
    if (version === undefined || more.length > 0) return null;
    const bytes = readFileSync(this.#fileOf(version));
    return versionOf(bytes) === version ? { version, bytes } : null;
  }

  /** Keeps these bytes and returns their version. A kept file that no longer fits its name is written anew. */
  keep(bytes: Buffer): string {
    const version = versionOf(bytes);
    this.#makeDirectory();
    if (this.find(version) === null) writeOwned(this.#fileOf(version), bytes, this.#dataDirectory);
    return version;
  }

  /** The same while others are served. */
  async keepMeanwhile(bytes: Buffer): Promise<string> {
    const version = versionOf(bytes);
    this.#makeDirectory();
    const path = this.#fileOf(version);
    const kept = existsSync(path) && versionOf(await readFile(path)) === version;
    if (!kept) await writeOwnedMeanwhile(path, bytes, this.#dataDirectory);
    return version;
  }

  /** Writes the next note, durable when this returns. Throws where another command was quicker. */
  write(fields: Omit<RuleNote, 'sequence'>): RuleNote {
    this.#makeDirectory();
    const sequence = (this.#numbers().at(-1) ?? 0) + 1;
    if (sequence > mostNotes)
      throw new Error(`"${this.#directory}" holds ${mostNotes} notes, which is the most; move the oldest away`);
    const note = { sequence, ...fields };
    const path = join(this.#directory, nameOf(sequence));
    const sealed = this.#sealer.seal(purposes[this.of].note, ownerOf(sequence), JSON.stringify(note));
    writeOwned(path, Buffer.from(`${sealed}\n`), this.#dataDirectory, 'new');
    return note;
  }

  taken(): TakenRules | null {
    return takenShape.safeParse(this.#open(takenFile, purposes[this.of].taken, takenOwner)).data ?? null;
  }

  take(taken: TakenRules): void {
    this.#makeDirectory();
    const sealed = this.#sealer.seal(purposes[this.of].taken, takenOwner, JSON.stringify(taken));
    writeOwned(join(this.#directory, takenFile), Buffer.from(`${sealed}\n`), this.#dataDirectory);
  }

  #makeDirectory(): void {
    if (existsSync(this.#directory)) return;
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    ownLike(this.#directory, this.#dataDirectory);
    syncDirectory(this.#dataDirectory);
  }

  #fileOf(version: string): string {
    return join(this.#directory, `${version}.${purposes[this.of].ending}`);
  }

  #names(): readonly string[] {
    return namesIn(this.#directory);
  }

  #numbers(): readonly number[] {
    return this.#names()
      .flatMap((name) => noteName.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);
  }

  #note(sequence: number): RuleNote | null {
    const note = noteShape.safeParse(this.#open(nameOf(sequence), purposes[this.of].note, ownerOf(sequence))).data;
    return note?.sequence === sequence ? note : null;
  }

  /** Null for what is missing, half written, forged, or sealed with a key that is gone. */
  #open(name: string, purpose: string, owner: string): unknown {
    try {
      const sealed = readFileSync(join(this.#directory, name), 'utf8').trim();
      return JSON.parse(this.#sealer.open(purpose, owner, sealed));
    } catch {
      return null;
    }
  }
}

/** Every kept version and every note, for a backup. */
export function ruleVersionFiles(dataDirectory: string): readonly string[] {
  return changedFiles.flatMap((of) => {
    const directory = ruleVersionsDirectory(dataDirectory, of);
    return namesIn(directory)
      .filter((name) => versionName.test(name) || noteName.test(name) || name === takenFile)
      .map((name) => join(directory, name));
  });
}

/** Every sealed file with what it is bound to, for a change of the master key. */
export function sealedRuleFiles(
  dataDirectory: string,
): readonly { readonly path: string; readonly purpose: string; readonly owner: string }[] {
  return changedFiles.flatMap((of) => {
    const directory = ruleVersionsDirectory(dataDirectory, of);
    const { note, taken } = purposes[of];
    return namesIn(directory).flatMap((name): { path: string; purpose: string; owner: string }[] => {
      const path = join(directory, name);
      if (name === takenFile) return [{ path, purpose: taken, owner: takenOwner }];
      const sequence = noteName.exec(name)?.[1];
      return sequence === undefined ? [] : [{ path, purpose: note, owner: ownerOf(Number(sequence)) }];
    });
  });
}

function namesIn(directory: string): readonly string[] {
  return existsSync(directory) ? readdirSync(directory) : [];
}

function nameOf(sequence: number): string {
  return `${String(sequence).padStart(6, '0')}.note`;
}

function ownerOf(sequence: number): string {
  return String(sequence);
}
