// The thread in which the search index follows the log and is asked. It hangs on no request: a slow disk, a long search or a
// database that is gone stops this thread alone.

import { setImmediate } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type { ReportRecords } from '../report-ports.ts';
import type { RecordSearch } from '../search-ports.ts';
import { AuditIndexing } from './audit-indexing.ts';
import { countHours } from './audit-index-search.ts';
import type { IndexAnswer, IndexQuestion, IndexThreadTask, ReportCall } from './audit-index-thread.ts';
import { causeInWords } from './audit-refused.ts';
import { RepeatedLook } from './repeated-look.ts';
import { directReportRecords } from './report-records-direct.ts';

const port = parentPort;
if (port === null) throw new Error('audit-index-worker runs as a worker thread only');

const often = { everyMilliseconds: 500, afterFailureMilliseconds: 5000 };
/** A PostgreSQL that fails over is back soon, and until then nobody finds anything. */
const oftenShared = { everyMilliseconds: 500, afterFailureMilliseconds: 1000 };
/** Further behind than this, a search is answered from what is in the index already. */
const mostWaitedFor = 20_000;
/** Longest count for a report. */
const longestReport = 30_000;
const limits = { pause, longest: longestReport };

const task = workerData as IndexThreadTask;
const indexing = new AuditIndexing(task);
const shared = task.shared === null ? null : await openShared(task.shared);
let ends = false;

const beside = new RepeatedLook({
  look: () => indexing.catchUp(pause),
  onLooked: (cause) => tell({ id: 0, behind: indexing.behind, failure: inWords(cause) }),
  ...often,
});
const together =
  shared === null
    ? null
    : new RepeatedLook({
        look: () => shared.catchUp(pause),
        onLooked: (cause) => tell({ id: 0, sharedBehind: shared.behind, failure: inWords(cause) }),
        ...oftenShared,
      });
/** Where several gateways share an index, questions are about all of them. */
const asked = shared ?? indexing;
const records: ReportRecords & RecordSearch = shared?.records(limits) ?? {
  ...directReportRecords(indexing.index.database, limits),
  hours: async (since, until) => countHours(indexing.index.database, since, until),
};

port.on('message', (question: IndexQuestion) => {
  void (question.ask === 'end' ? end() : answer(question));
});

/** With the client of PostgreSQL, which the index beside the log does without. */
async function openShared(place: NonNullable<IndexThreadTask['shared']>) {
  const { SharedIndexing } = await import('./audit-shared-indexing.ts');
  return new SharedIndexing({ ...place, directories: task.directories });
}

/** Between two transactions: questions are answered, and an end is heard. */
async function pause(): Promise<void> {
  await setImmediate();
  if (ends) throw new Error('the gateway is being stopped');
}

async function answer(question: Exclude<IndexQuestion, { readonly ask: 'end' }>): Promise<void> {
  const { id } = question;
  if (asked.behind < mostWaitedFor) await (together ?? beside).now();
  try {
    if (question.ask === 'report') tell(await reported(id, question.call));
    else if (question.ask === 'search') tell({ id, page: await records.search(question.query, question.most) });
    else tell({ id, hours: await records.hours(question.since, question.until) });
  } catch (cause) {
    tell({ id, failed: causeInWords(cause) });
  }
}

async function reported(id: number, call: ReportCall): Promise<IndexAnswer> {
  if (call.name === 'tally') return { id, tally: await records.tally(call.query, call.by) };
  if (call.name === 'watch') return { id, watched: await records.watch(call.since, call.until) };
  if (call.name === 'firsts') return { id, firsts: await records.firsts(call.asked) };
  return { id, sample: await records.sample(call.query, call.sizes, call.seed) };
}

async function end(): Promise<void> {
  ends = true;
  await beside.end();
  await together?.end();
  indexing.close();
  await shared?.close();
  port?.close();
}

function inWords(cause: unknown): string | null {
  return cause === null ? null : causeInWords(cause);
}

function tell(message: IndexAnswer): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
  port?.postMessage(message);
}
