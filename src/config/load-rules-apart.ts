// Reads the rule file in a thread of its own, so that a long one, or one made to be slow, holds up nobody who is being
// served. Never takes longer than it may: what has not been read by then is a mistake like any other, and changes nothing.

import { Worker } from 'node:worker_threads';
import type { LoadedRules } from './load.ts';
import type { Settings } from './settings.ts';

/** What the thread is given. */
export interface RulesTask {
  readonly settings: Settings;
  readonly file: string;
}

const longestMilliseconds = 30_000;
const mostMegabytes = 512;

/** As `loadRules`. Never rejects. */
export function loadRulesApart(settings: Settings, file: string): Promise<LoadedRules> {
  return new Promise((resolve) => {
    const worker = new Worker(workerUrl(), {
      workerData: { settings, file } satisfies RulesTask,
      resourceLimits: { maxOldGenerationSizeMb: mostMegabytes },
    });
    const giveUp = (message: string): void => resolve({ ok: false, mistakes: [{ file, line: 1, column: 1, message }] });
    const timer = setTimeout(() => {
      giveUp(`File was not read within ${longestMilliseconds / 1000} seconds, make it shorter`);
      void worker.terminate();
    }, longestMilliseconds);
    timer.unref();
    worker.unref();
    worker.once('message', resolve);
    worker.once('error', (cause) => giveUp(`File cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`));
    worker.once('exit', () => {
      clearTimeout(timer);
      giveUp('File cannot be read: the thread that reads it has ended');
    });
  });
}

/** The worker stands beside this file, under the same ending: TypeScript as it is, or built. */
function workerUrl(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './load-rules-worker.ts' : './load-rules-worker.js', import.meta.url);
}
