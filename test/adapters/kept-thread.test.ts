// A thread beside the requests, run by the system when nobody waits for one.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { KeptThread } from '../../src/adapters/kept-thread.ts';
import { eventually } from '../support/demo-story.ts';

const code = `
const { parentPort } = require('node:worker_threads');
parentPort.on('message', (message) => message === 'end' ? parentPort.close() : parentPort.postMessage(require('node:os').getPriority()));
`;

it.skipIf(process.platform !== 'linux')('gives way to the thread that started it, which stays as it was', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'wardgate-test-'));
  const file = join(directory, 'beside-worker.js');
  writeFileSync(file, code);
  const own = getPriority();
  const told: number[] = [];
  const thread = new KeptThread<number>({
    url: pathToFileURL(file),
    workerData: null,
    endMessage: 'end',
    onMessage: (priority) => void told.push(priority),
    onError: (failure) => expect.unreachable(failure),
  });
  try {
    await eventually(() => {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
      thread.worker?.postMessage('priority');
      return told.at(-1) === 10;
    }, 'it to give way');
    expect(getPriority()).toBe(own);
  } finally {
    await thread.close();
    rmSync(directory, { recursive: true });
  }
});
