// The thread in which the detectors follow the log. It hangs on no request, and whatever it costs no request pays.

import { setImmediate } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { causeInWords } from './audit-refused.ts';
import type { WatchNews, WatchThreadTask, WatchTurn } from './audit-watch-thread.ts';
import type { WatchAnswer, WatchQuestion } from './explanation-desk.ts';
import { AuditWatching } from './audit-watching.ts';
import type { Found } from './audit-watching.ts';
import { SharedRecords } from './watched-records.ts';

const port = parentPort;
if (port === null) throw new Error('audit-watch-worker runs as a worker thread only');

const everyMilliseconds = 500;
/** After trouble it waits longer: what is wrong is rarely gone at once. */
const afterFailureMilliseconds = 5000;

const task = workerData as WatchThreadTask;
const db = task.shared === undefined ? null : await openShared(task.shared);
/** Of several gateways one watches for all, and is told so. */
let leads = db === null;
const watching = new AuditWatching(task, db === null ? undefined : () => new SharedRecords(db.ask));
let timer: NodeJS.Timeout | null = null;
let looking: Promise<void> | null = null;
let ends = false;

port.on('message', (message: WatchQuestion | WatchTurn | 'end') => {
  if (message === 'end') void end();
  else if ('leads' in message) ({ leads } = message);
  else answer(message);
});
void look();

/** With the client of PostgreSQL, which a gateway that is alone does without. */
async function openShared(store: NonNullable<WatchThreadTask['shared']>) {
  const { SharedAuditDb } = await import('./audit-shared-db.ts');
  return new SharedAuditDb(store);
}

function look(): Promise<void> {
  looking ??= once().finally(() => (looking = null));
  return looking;
}

async function once(): Promise<void> {
  let failure: string | null = null;
  try {
    const found = await watchedNow();
    const { behind, relationsFailure } = watching;
    tell({ found, unanswered: watching.takeUnanswered(), behind, failure: null, relationsFailure });
  } catch (cause) {
    failure = leads ? causeInWords(cause) : null;
    tell({ found: [], unanswered: [], behind: watching.behind, failure, relationsFailure: null });
  }
  if (timer !== null) clearTimeout(timer);
  const wait = watching.isReading ? 0 : everyMilliseconds;
  if (!ends) timer = setTimeout(() => void look(), failure === null ? wait : afterFailureMilliseconds);
}

async function watchedNow(): Promise<readonly Found[]> {
  if (leads) return watching.look(pause);
  watching.rest();
  return [];
}

/** Lets an end be heard, and that another gateway watches now. */
async function pause(): Promise<void> {
  await setImmediate();
  if (!leads) throw new Error('another gateway watches now');
  if (ends) throw new Error('the gateway is being stopped');
}

async function end(): Promise<void> {
  ends = true;
  await looking;
  if (timer !== null) clearTimeout(timer);
  watching.close();
  await db?.close();
  port?.close();
}

/** Between two batches of records. */
function answer({ number, openings }: WatchQuestion): void {
  tell({ number, explanations: watching.explain(openings) });
}

function tell(news: WatchNews | WatchAnswer): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
  port?.postMessage(news);
}
