// Puts on record that other rules or settings are about to be in force, and who is answerable for them; keeps what they are,
// so that any two of them can be compared later. Decides nothing about the rules.

import type { ChangeFacts, Claim, RuleAuthors, RulesChange } from '../adapters/rule-authors.ts';
import { versionOf } from '../adapters/rule-versions.ts';
import { knownChanges } from '../adapters/known-changes.ts';
import type { RuleNote, RuleVersions } from '../adapters/rule-versions.ts';
import type { ChangeClaims, ChangeHistory } from '../change-ports.ts';
import type { RulesEffect } from '../config/load.ts';
import { withMachinesOf } from '../config/settings-text.ts';
import type { ReadFiles } from '../config/settings.ts';
import { auditEntry } from '../core/audit/entry.ts';
import { writeRulesNote } from '../core/audit/rules-note.ts';
import type { ChangedFile, RulesNote } from '../core/audit/rules-note.ts';
import type { Policy } from '../core/policy/policy.ts';
import { rightLines } from '../core/rights/right-changes.ts';
import type { ReadingsOf } from '../core/rights/rights-of.ts';
import type { AuditLog, Clock } from '../ports.ts';

export interface ChangesRecordNeeds {
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly kept: Readonly<Record<ChangedFile, { readonly versions: RuleVersions; readonly authors: RuleAuthors }>>;
  readonly readingsOf: ReadingsOf;
  /** Reads kept rules again beside the settings of now; null where they do not fit any more. */
  readonly reread: (rules: Uint8Array) => Promise<Policy | null>;
}

/** One change that nobody has said to be theirs. */
export interface UnclaimedChange {
  readonly of: ChangedFile;
  readonly note: RuleNote;
}

const digits = 16;

export class ChangesRecord implements ChangeHistory, ChangeClaims {
  readonly #needs: ChangesRecordNeeds;
  /** What gateway.yaml said at the start; null where it came from no file. */
  #settings: string | null = null;

  constructor(needs: ChangesRecordNeeds) {
    this.#needs = needs;
  }

  /**
   * `known`: what changes, where that was worked out before. Resolves once it is durable; rejects while it cannot be written
   * or kept, and then the rules must not be used.
   */
  async change(before: Policy, next: Policy, read: ReadFiles | undefined, known?: RulesEffect): Promise<void> {
    const { versions, authors } = this.#needs.kept.rules;
    if (read !== undefined) await versions.keepMeanwhile(Buffer.from(read.rules));
    const told = known?.before === before.version ? known.lines : null;
    const effect = (): readonly string[] => told ?? rightLines(before, next, this.#needs.readingsOf);
    const machines = this.#machines(read);
    const change = authors.changeTo(next.version, this.#facts(effect));
    if (change !== null || machines === null) await this.#record(next.version, change);
    if (machines !== null) await this.#record(next.version, machines);
  }

  /** Changes whenever these very rules were applied once more. */
  markOf(version: string): string {
    return this.#needs.kept.rules.authors.markOf(version);
  }

  /** At the start: only where rules or settings are others than at the end of the last run. */
  async begin(policy: Policy, read: ReadFiles | undefined): Promise<void> {
    const { version } = policy;
    const { rules, settings } = this.#needs.kept;
    if (read !== undefined) rules.versions.keep(Buffer.from(read.rules));
    const before = rules.versions.taken()?.version ?? null;
    const kept = before === null || before === version ? null : rules.versions.find(before);
    const old = kept === null ? null : await this.#needs.reread(kept.bytes);
    const effect = old === null ? undefined : () => rightLines(old, policy, this.#needs.readingsOf);
    const change = rules.authors.begin(version, this.#facts(effect));
    if (change !== null) await this.#record(version, change);
    if (read === undefined || read.settings === '') return;
    this.#settings = read.settings;
    const said = settings.versions.keep(Buffer.from(read.settings));
    const other = settings.authors.begin(said, this.#facts());
    if (other !== null) await this.#record(version, other);
  }

  /** First digits of the settings in force, for the record of the start; null where they came from no file. */
  settingsVersion(read: ReadFiles | undefined): string | null {
    return read === undefined || read.settings === '' ? null : versionOf(Buffer.from(read.settings)).slice(0, digits);
  }

  /** The oldest first, rules before settings. */
  unclaimed(): readonly UnclaimedChange[] {
    const { rules, settings } = this.#needs.kept;
    return [rules, settings].flatMap(({ authors }) => authors.unclaimed().map((note) => ({ of: authors.of, note })));
  }

  /** False where there is no such change. Rejects where it cannot be recorded. */
  async claim(of: ChangedFile, sequence: number, claim: Omit<Claim, 'time'>): Promise<boolean> {
    const policy = this.#needs.kept.rules.versions.taken()?.version ?? '';
    const time = new Date(this.#needs.clock.now()).toISOString();
    const note = this.#needs.kept[of].authors.claim(sequence, { ...claim, time });
    if (note === null) return false;
    await this.#append(policy, note);
    return true;
  }

  changes(of: ChangedFile): ReturnType<ChangeHistory['changes']> {
    return knownChanges(of, this.#needs.kept[of].versions.notes());
  }

  text(of: ChangedFile, version: string): string | null {
    return this.#needs.kept[of].versions.find(version)?.bytes.toString('utf8') ?? null;
  }

  notices(): readonly string[] {
    const all = this.unclaimed();
    const [first] = all;
    if (first === undefined) return [];
    const changes = all.length === 1 ? 'A change' : `${all.length} changes`;
    const which = `${first.of} ${first.note.sequence} of ${first.note.time}`;
    return [
      `${changes} of the configuration by hand, without author (the first is ${which}): "wardgate rules claim --because …" records one`,
    ];
  }

  /** The machines are read again with the rules; everything else of gateway.yaml waits for a start. */
  #machines(read: ReadFiles | undefined): RulesChange | null {
    if (read === undefined || read.settings === '' || this.#settings === null) return null;
    const text = withMachinesOf(this.#settings, read.settings);
    if (text === this.#settings) return null;
    const { versions, authors } = this.#needs.kept.settings;
    const change = authors.changeTo(versions.keep(Buffer.from(text)), this.#facts());
    if (change === null) return null;
    return {
      note: change.note,
      taken: () => {
        this.#settings = text;
        change.taken();
      },
    };
  }

  #facts(effect?: ChangeFacts['effect']): ChangeFacts {
    const time = new Date(this.#needs.clock.now()).toISOString();
    return effect === undefined ? { time } : { time, effect };
  }

  async #record(version: string, change: RulesChange | null): Promise<void> {
    await this.#append(version, change?.note ?? null);
    change?.taken();
  }

  async #append(version: string, note: RulesNote | null): Promise<void> {
    const { audit, clock } = this.#needs;
    const detail = note === null ? 'The rules were loaded again' : writeRulesNote(note);
    const receipt = await audit.append(auditEntry('configuration', clock.now(), { policy: version.slice(0, digits), detail }));
    await receipt.durable;
  }
}
