// The thread in which the tree follows the log. Hangs on no request: a disk or a file server that stops answering stops this
// thread alone, and the gateway says so.

import { parentPort, workerData } from 'node:worker_threads';
import { askingEpochLog } from './audit-epoch-asking.ts';
import { AuditTree } from './audit-tree.ts';
import type { AuditTreeTask } from './audit-tree.ts';
import type { AuditTreeMessage } from './audit-tree-thread.ts';
import { causeInWords } from './audit-refused.ts';
import { systemClock } from './clock-system.ts';
import type { ThreadAnswer } from './thread-asking.ts';

const port = parentPort;
if (port === null) throw new Error('audit-tree-worker runs as a worker thread only');

const everyMilliseconds = 500;
/** After trouble it waits longer: what is wrong is rarely gone at once. */
const afterFailureMilliseconds = 5000;

const log = askingEpochLog(port);
const tree = new AuditTree(workerData as AuditTreeTask, systemClock, log);
let timer: NodeJS.Timeout | null = null;
let looking: Promise<void> = Promise.resolve();
let ends = false;

port.on('message', (message: ThreadAnswer | 'end') => {
  if (message !== 'end') return log.hear(message);
  ends = true;
  if (timer !== null) clearTimeout(timer);
  looking = looking.then(() => look(true)).then(() => port.close());
  return undefined;
});
begin();

function begin(): void {
  looking = look(false);
}

async function look(last: boolean): Promise<void> {
  let wait = everyMilliseconds;
  try {
    tell({ status: await tree.look(last), failure: null });
  } catch (cause) {
    wait = afterFailureMilliseconds;
    tell({ status: null, failure: causeInWords(cause) });
  }
  if (!ends) timer = setTimeout(begin, wait);
}

function tell(message: AuditTreeMessage): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
  port?.postMessage(message);
}
