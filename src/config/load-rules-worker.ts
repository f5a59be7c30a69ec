// The thread that reads the rule file again, once. Knows nothing of what is served meanwhile.

import { parentPort, workerData } from 'node:worker_threads';
import { loadRules } from './load.ts';
import type { RulesTask } from './load-rules-apart.ts';

const { settings, file } = workerData as RulesTask;
const loaded = await loadRules(settings, file);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
parentPort?.postMessage(loaded);
