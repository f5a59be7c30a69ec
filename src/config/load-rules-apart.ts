// Reads the rule file in a thread of its own, so that a long one, or one made to be slow, holds up nobody who is being
// served. Never takes longer than it may: what has not been read by then is a mistake like any other, and changes nothing.
// What the new rules change for whom is worked out there too.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Policy } from '../core/policy/policy.ts';
import type { LoadedRules } from './load.ts';
import { ArrivingPolicy, headOf, piecesOf } from './rules-pieces.ts';
import type { PolicyHead, RulesPiece } from './rules-pieces.ts';
import type { Settings } from './settings.ts';

/** What the thread is given; the rules in force follow in pieces. */
export interface RulesTask {
  readonly settings: Settings;
  readonly file: string;
  /** Null where nobody wants to know what changes. */
  readonly inForce: PolicyHead | null;
}

type SoundRules = Extract<LoadedRules, { readonly ok: true }>;

/** What was read, without the rules of a sound file: they follow in pieces, each when it is asked for. */
export type ReadHead = Exclude<LoadedRules, SoundRules> | (Omit<SoundRules, 'policy'> & { readonly policy: PolicyHead });

const longestMilliseconds = 30_000;
const mostMegabytes = 512;
/** As much as the image gives the request thread: what a long file leaves behind is cleared less often. */
const youngMegabytes = 192;

/** As `loadRules`, and tells what changes where the rules in force are given. Never rejects. */
export function loadRulesApart(settings: Settings, file: string, inForce: Policy | null = null): Promise<LoadedRules> {
  return new Promise((resolve) => {
    const worker = new Worker(workerUrl(), {
      workerData: { settings, file, inForce: inForce === null ? null : headOf(inForce) } satisfies RulesTask,
      resourceLimits: { maxOldGenerationSizeMb: mostMegabytes, maxYoungGenerationSizeMb: youngMegabytes },
    });
    const giveUp = (message: string): void => resolve({ ok: false, mistakes: [{ file, line: 1, column: 1, message }] });
    const timer = setTimeout(() => {
      giveUp(`File was not read within ${longestMilliseconds / 1000} seconds, make it shorter`);
      void worker.terminate();
    }, longestMilliseconds);
    timer.unref();
    worker.unref();
    worker.on('message', taking(worker, resolve));
    worker.once('error', (cause) => giveUp(`File cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`));
    worker.once('exit', () => {
      clearTimeout(timer);
      giveUp('File cannot be read: the thread that reads it has ended');
    });
    if (inForce !== null) void give(worker, inForce);
  });
}

/** Requests are answered between one piece and the next. */
async function give(worker: Worker, { rules }: Policy): Promise<void> {
  for (const piece of piecesOf(rules)) {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
    worker.postMessage(piece);
    await nextTurn();
  }
}

function taking(worker: Worker, done: (loaded: LoadedRules) => void): (message: ReadHead | RulesPiece) => void {
  let head: Extract<ReadHead, { readonly ok: true }> | null = null;
  let arriving: ArrivingPolicy | null = null;
  return (message) => {
    if ('ok' in message && !message.ok) return done(message);
    if ('ok' in message) {
      head = message;
      arriving = new ArrivingPolicy(message.policy);
    } else {
      const policy = arriving?.take(message) ?? null;
      if (head !== null && policy !== null) return done({ ...head, policy });
    }
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
    setImmediate(() => worker.postMessage('more'));
    return undefined;
  };
}

/** The worker stands beside this file, under the same ending: TypeScript as it is, or built. */
function workerUrl(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './load-rules-worker.ts' : './load-rules-worker.js', import.meta.url);
}
