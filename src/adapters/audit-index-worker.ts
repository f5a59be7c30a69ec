// The thread in which the search index follows the log and is asked. It hangs on no request: a slow disk or a long search
// stops this thread alone.

import { setImmediate } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { AuditIndexing } from './audit-indexing.ts';
import type { IndexingTask } from './audit-indexing.ts';
import { countHours, searchIndex } from './audit-index-search.ts';
import type { IndexAnswer, IndexQuestion, ReportCall } from './audit-index-thread.ts';
import { causeInWords } from './audit-refused.ts';
import { directReportRecords } from './report-records-direct.ts';

const port = parentPort;
if (port === null) throw new Error('audit-index-worker runs as a worker thread only');

const everyMilliseconds = 500;
/** After trouble it waits longer: what is wrong is rarely gone at once. */
const afterFailureMilliseconds = 5000;
/** Further behind than this, a search is answered from what is in the index already. */
const mostWaitedFor = 20_000;
/** Longest count for a report. */
const longestReport = 30_000;

const indexing = new AuditIndexing(workerData as IndexingTask);
let timer: NodeJS.Timeout | null = null;
let looking: Promise<void> | null = null;
let ends = false;

port.on('message', (question: IndexQuestion) => {
  void (question.ask === 'end' ? end() : answer(question));
});
void look();

/** One at a time; whoever asks meanwhile waits for the same. */
function look(): Promise<void> {
  looking ??= catchUp().finally(() => (looking = null));
  return looking;
}

async function catchUp(): Promise<void> {
  let failure: string | null = null;
  try {
    await indexing.catchUp(pause);
  } catch (cause) {
    failure = causeInWords(cause);
  }
  tell({ id: 0, behind: indexing.behind, failure });
  if (timer !== null) clearTimeout(timer);
  if (!ends) timer = setTimeout(() => void look(), failure === null ? everyMilliseconds : afterFailureMilliseconds);
}

/** Between two transactions: questions are answered, and an end is heard. */
async function pause(): Promise<void> {
  await setImmediate();
  if (ends) throw new Error('the gateway is being stopped');
}

async function answer(question: Exclude<IndexQuestion, { readonly ask: 'end' }>): Promise<void> {
  const { id } = question;
  if (indexing.behind < mostWaitedFor) await look();
  try {
    const { database } = indexing.index;
    if (question.ask === 'report') tell(await reported(id, question.call));
    else if (question.ask === 'search') tell({ id, page: searchIndex(database, question.query, question.most) });
    else tell({ id, hours: countHours(database, question.since, question.until) });
  } catch (cause) {
    tell({ id, failed: causeInWords(cause) });
  }
}

async function reported(id: number, call: ReportCall): Promise<IndexAnswer> {
  const records = directReportRecords(indexing.index.database, { pause, longest: longestReport });
  if (call.name === 'tally') return { id, tally: await records.tally(call.query, call.by) };
  if (call.name === 'watch') return { id, watched: await records.watch(call.since, call.until) };
  if (call.name === 'firsts') return { id, firsts: await records.firsts(call.asked) };
  return { id, sample: await records.sample(call.query, call.sizes, call.seed) };
}

async function end(): Promise<void> {
  ends = true;
  await looking;
  if (timer !== null) clearTimeout(timer);
  indexing.close();
  port?.close();
}

function tell(message: IndexAnswer): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
  port?.postMessage(message);
}
