// Takes a changed rule file into force without a restart. A file with mistakes is told of and changes nothing: the rules
// in force stay until a sound file is there.

import { watch } from 'node:fs';
import { dirname } from 'node:path';
import { renderMistake } from './mistake.ts';
import { loadRules, rulesFileOf } from './load.ts';
import type { LoadedRules } from './load.ts';
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

/**
 * Watches the rule file of these settings. `version` is that of the rules in force; the same again is not told. While
 * `onResult` rejects, the result is told again and again.
 */
export function watchRules(
  settings: Settings,
  onResult: (result: LoadedRules) => unknown,
  version: string | null = null,
): RuleWatch {
  const file = rulesFileOf(settings.file);
  let known = version ?? '';
  let timer: NodeJS.Timeout | null = null;
  let reading: Promise<unknown> = Promise.resolve();
  let closed = false;

  async function read(always: boolean): Promise<LoadedRules> {
    const result = await loadRules(settings, file);
    const mark = result.ok ? result.policy.version : result.mistakes.map(renderMistake).join('\n');
    if ((mark === known && !always) || closed) return result;
    try {
      await onResult(result);
      known = mark;
    } catch {
      known = '';
      later(retryMilliseconds);
    }
    return result;
  }

  function later(milliseconds: number): void {
    if (timer !== null) clearTimeout(timer);
    if (closed) return;
    // A fault while reading must not end the gateway: the rules in force stay, and the file is read again.
    timer = setTimeout(() => void next(false).catch(() => later(retryMilliseconds)), milliseconds);
    timer.unref();
  }

  /** One read at a time, so that an older result never comes after a newer one. */
  function next(always: boolean): Promise<LoadedRules> {
    const result = reading.then(() => read(always));
    reading = result.catch(() => undefined);
    return result;
  }

  // The directory is watched and not the file, because a file that is replaced is another file.
  const watcher = watch(dirname(file), () => later(settleMilliseconds));
  watcher.unref();
  // A directory that can no longer be watched leaves the rules as they are; `reload` still works.
  watcher.on('error', () => watcher.close());

  return {
    reload: () => next(true),
    close: () => {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      watcher.close();
    },
  };
}
