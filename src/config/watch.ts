// Takes a changed rule file into force without a restart. A file with mistakes is told of and changes nothing: the rules
// in force stay until a sound file is there.

import { watch } from 'node:fs';
import { dirname } from 'node:path';
import type { Policy } from '../core/policy/policy.ts';
import { renderMistake } from './mistake.ts';
import { rulesFileOf } from './load.ts';
import type { LoadedRules } from './load.ts';
import { loadRulesApart } from './load-rules-apart.ts';
import { rulesMark } from './rules-mark.ts';
import type { Settings } from './settings.ts';

/** Editors and ConfigMaps write in several steps; the file is read when they have been quiet for this long. */
const settleMilliseconds = 200;
/** A result that could not be taken, because the record of it could not be written, is told again after this. */
const retryMilliseconds = 1000;

export interface RuleWatch {
  /** Reads the file now and tells the result, changed or not (SIGHUP). */
  reload(): Promise<LoadedRules>;
  close(): void;
}

/** Tells whether sound rules differ from those in force. */
export type MarkOf = (rules: Extract<LoadedRules, { readonly ok: true }>) => string;

/**
 * Watches the rule file of these settings. `known` is the mark of what is in force, as `markOf` gives it; the same again is
 * not told. While `onResult` rejects, the result is told again and again. Where the rules in force are given, it says what changes.
 */
export function watchRules(
  settings: Settings,
  onResult: (result: LoadedRules) => unknown,
  known: string | null = null,
  markOf: MarkOf = ({ policy, machines }) => rulesMark(policy, machines),
  inForce: () => Policy | null = () => null,
): RuleWatch {
  const reader = new RuleReader({ settings, onResult, markOf, inForce }, known);
  // The directory is watched and not the file, because a file that is replaced is another file.
  const watcher = watch(dirname(rulesFileOf(settings.file)), () => reader.later(settleMilliseconds));
  watcher.unref();
  // A directory that can no longer be watched leaves the rules as they are; `reload` still works.
  watcher.on('error', () => watcher.close());
  return {
    reload: () => reader.next(true),
    close: () => {
      reader.close();
      watcher.close();
    },
  };
}

interface ReaderNeeds {
  readonly settings: Settings;
  readonly onResult: (result: LoadedRules) => unknown;
  readonly markOf: MarkOf;
  readonly inForce: () => Policy | null;
}

/** Reads the file one time after another, so that an older result never comes after a newer one. */
class RuleReader {
  readonly #needs: ReaderNeeds;
  #known: string | null;
  #timer: NodeJS.Timeout | null = null;
  #reading: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(needs: ReaderNeeds, known: string | null) {
    this.#needs = needs;
    this.#known = known;
  }

  next(always: boolean): Promise<LoadedRules> {
    const result = this.#reading.then(() => this.#read(always));
    this.#reading = result.catch(() => undefined);
    return result;
  }

  later(milliseconds: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#closed) return;
    // A fault while reading must not end the gateway: the rules in force stay, and the file is read again.
    this.#timer = setTimeout(() => void this.next(false).catch(() => this.later(retryMilliseconds)), milliseconds);
    this.#timer.unref();
  }

  close(): void {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  async #read(always: boolean): Promise<LoadedRules> {
    const { settings, onResult, markOf, inForce } = this.#needs;
    const result = await loadRulesApart(settings, rulesFileOf(settings.file), inForce());
    const mark = result.ok ? markOf(result) : result.mistakes.map(renderMistake).join('\n');
    if ((mark === this.#known && !always) || this.#closed) return result;
    try {
      await onResult(result);
      this.#known = mark;
    } catch {
      this.#known = '';
      this.later(retryMilliseconds);
    }
    return result;
  }
}
