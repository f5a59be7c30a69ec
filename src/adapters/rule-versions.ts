// Keeps every applied version of the rules in the data directory, each under its hash, and beside them one sealed note for
// each time one was applied: who, why, when. A note is bound to its number and believed only where the master key opens it,
// so that whoever can write here and not read that key can neither forge a name nor move one to other rules.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Sealer } from '../ports.ts';
import { syncDirectory } from './sync-directory.ts';
import { ownLike, writeOwned } from './write-owned.ts';

const noteShape = z.strictObject({
  sequence: z.int(),
  /** SHA-256 of the rules, hex. */
  version: z.string(),
  /** Of those it replaced; null where there were none. */
  previous: z.string().nullable(),
  deed: z.enum(['applied', 'rolled back']),
  person: z.string(),
  reason: z.string(),
  approver: z.string().nullable(),
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

export const notePurpose = 'rules-note';
const takenPurpose = 'rules-taken';
const takenFile = 'taken';
const takenOwner = 'this gateway';
const noteName = /^(\d{6})\.note$/;
const versionName = /^([0-9a-f]{64})\.yaml$/;
const mostNotes = 999_999;

export function ruleVersionsDirectory(dataDirectory: string): string {
  return join(dataDirectory, 'rules');
}

export function versionOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export class RuleVersions {
  readonly #dataDirectory: string;
  readonly #directory: string;
  readonly #sealer: Sealer;

  constructor(dataDirectory: string, sealer: Sealer) {
    this.#dataDirectory = dataDirectory;
    this.#directory = ruleVersionsDirectory(dataDirectory);
    this.#sealer = sealer;
  }

  /** Oldest first. */
  notes(): readonly FoundNote[] {
    return this.#numbers().map((sequence) => ({ sequence, note: this.#note(sequence) }));
  }

  /** The newest that can be believed. */
  newest(): RuleNote | null {
    for (const sequence of this.#numbers().toReversed()) {
      const note = this.#note(sequence);
      if (note !== null) return note;
    }
    return null;
  }

  /** The bytes of the kept version whose hash begins so; null where there is none, or several, or its bytes are others. */
  find(digits: string): { readonly version: string; readonly bytes: Buffer } | null {
    const names = this.#names().flatMap((name) => versionName.exec(name)?.[1] ?? []);
    const [version, ...more] = names.filter((name) => name.startsWith(digits));
    if (version === undefined || more.length > 0) return null;
    const bytes = readFileSync(join(this.#directory, `${version}.yaml`));
    return versionOf(bytes) === version ? { version, bytes } : null;
  }

  /** Keeps these bytes and returns their version. A kept file that no longer fits its name is written anew. */
  keep(bytes: Buffer): string {
    const version = versionOf(bytes);
    this.#makeDirectory();
    if (this.find(version) === null) writeOwned(join(this.#directory, `${version}.yaml`), bytes, this.#dataDirectory);
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
    const sealed = this.#sealer.seal(notePurpose, ownerOf(sequence), JSON.stringify(note));
    writeOwned(path, Buffer.from(`${sealed}\n`), this.#dataDirectory, 'new');
    return note;
  }

  taken(): TakenRules | null {
    return takenShape.safeParse(this.#open(takenFile, takenPurpose, takenOwner)).data ?? null;
  }

  take(taken: TakenRules): void {
    this.#makeDirectory();
    const sealed = this.#sealer.seal(takenPurpose, takenOwner, JSON.stringify(taken));
    writeOwned(join(this.#directory, takenFile), Buffer.from(`${sealed}\n`), this.#dataDirectory);
  }

  #makeDirectory(): void {
    if (existsSync(this.#directory)) return;
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    ownLike(this.#directory, this.#dataDirectory);
    syncDirectory(this.#dataDirectory);
  }

  #names(): readonly string[] {
    return existsSync(this.#directory) ? readdirSync(this.#directory) : [];
  }

  #numbers(): readonly number[] {
    return this.#names()
      .flatMap((name) => noteName.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);
  }

  #note(sequence: number): RuleNote | null {
    const note = noteShape.safeParse(this.#open(nameOf(sequence), notePurpose, ownerOf(sequence))).data;
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
  const directory = ruleVersionsDirectory(dataDirectory);
  const names = existsSync(directory) ? readdirSync(directory) : [];
  return names
    .filter((name) => versionName.test(name) || noteName.test(name) || name === takenFile)
    .map((name) => join(directory, name));
}

/** Every sealed file with what it is bound to, for a change of the master key. */
export function sealedRuleFiles(
  dataDirectory: string,
): readonly { readonly path: string; readonly purpose: string; readonly owner: string }[] {
  const directory = ruleVersionsDirectory(dataDirectory);
  const names = existsSync(directory) ? readdirSync(directory) : [];
  return names.flatMap((name) => {
    const path = join(directory, name);
    if (name === takenFile) return [{ path, purpose: takenPurpose, owner: takenOwner }];
    const sequence = noteName.exec(name)?.[1];
    return sequence === undefined ? [] : [{ path, purpose: notePurpose, owner: ownerOf(Number(sequence)) }];
  });
}

function nameOf(sequence: number): string {
  return `${String(sequence).padStart(6, '0')}.note`;
}

function ownerOf(sequence: number): string {
  return String(sequence);
}
