// Asks a PostgreSQL in a thread of its own, for `ask-at-once.ts`, which stands still meanwhile.

import { workerData } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { Client } from 'pg';
import type { AtOnceAnswer, AtOnceQuestion } from './ask-at-once.ts';

const { url, port, answered } = workerData as { url: string; port: MessagePort; answered: Int32Array };

async function answer({ schema, sql }: AtOnceQuestion): Promise<AtOnceAnswer> {
  const client = new Client({ connectionString: url, options: `-c search_path=${schema}`, query_timeout: 5000 });
  try {
    await client.connect();
    const { rows } = await client.query<Record<string, unknown>>(sql);
    return { rows };
  } catch (cause) {
    return { error: String(cause) };
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function tell(question: AtOnceQuestion): Promise<void> {
  const told = await answer(question);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
  port.postMessage(told);
  Atomics.store(answered, 0, 1);
  Atomics.notify(answered, 0);
}

port.on('message', (question: AtOnceQuestion) => void tell(question));
