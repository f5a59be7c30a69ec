// The thread in which closed files are packed and old ones let go. It hangs on no request: a slow disk or a large file stops this
// thread alone.

import { setImmediate } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { AuditRetention } from './audit-retention.ts';
import type { RetentionTask } from './audit-retention.ts';
import type { RetentionMessage, RetentionWish } from './audit-retention-thread.ts';
import { causeInWords } from './audit-refused.ts';
import { systemClock } from './clock-system.ts';
import { askOver } from './thread-asking.ts';
import type { ThreadAnswer } from './thread-asking.ts';

const port = parentPort;
if (port === null) throw new Error('audit-retention-worker runs as a worker thread only');

/** The log goes by UTC days, and a day is over at any hour of the clinic. */
const everyMilliseconds = 3_600_000;
/** The tree may not have a checkpoint yet, or the disk is in trouble. */
const soonMilliseconds = 60_000;

const { ask, hear } = askOver<RetentionWish>(port);
const retention = new AuditRetention(
  workerData as RetentionTask,
  systemClock,
  {
    pruned: (detail) => ask({ pruned: detail }),
    stated: (detail, stated) => ask({ stated: detail, retention: stated }),
    found: (state) => ask({ found: state }),
  },
  pause,
);
let ends = false;
let timer: NodeJS.Timeout | null = null;
let day = '';
void look();

port.on('message', (message: ThreadAnswer | 'end' | 'look') => {
  if (message === 'look') return again();
  if (message !== 'end') return hear(message);
  ends = true;
  if (timer !== null) clearTimeout(timer);
  // A look that is under way ends at its next pause; what it had begun is finished at the next start.
  port.close();
  return undefined;
});

/** A hold was placed or released. */
function again(): void {
  day = '';
  if (timer === null) return;
  clearTimeout(timer);
  void look();
}

async function look(): Promise<void> {
  timer = null;
  const today = new Date(systemClock.now()).toISOString().slice(0, 10);
  let wait = everyMilliseconds;
  try {
    if (today !== day) {
      const status = await retention.look();
      if (status === null) wait = soonMilliseconds;
      else day = today;
      tell({ status, failure: null });
    }
  } catch (cause) {
    wait = soonMilliseconds;
    if (!ends) tell({ status: null, failure: causeInWords(cause) });
  }
  if (!ends) timer = setTimeout(() => void look(), wait);
}

async function pause(): Promise<void> {
  await setImmediate();
  if (ends) throw new Error('the gateway is being stopped');
}

function tell(message: RetentionMessage): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
  port?.postMessage(message);
}
