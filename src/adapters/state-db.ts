// The embedded state, as the stores see it: lists of statements, each run in one transaction by a worker thread. Keeps a
// bounded queue and fails loudly; never retries, because a retried write might be a second one.

import { Worker } from 'node:worker_threads';
import { Fault } from '../core/faults.ts';
import type { DatabaseName } from './state-schema.ts';
import { workerBeside } from './worker-beside.ts';

export type SqlValue = null | number | bigint | string | Uint8Array;

export interface Statement {
  readonly sql: string;
  readonly params: readonly SqlValue[];
}

export type Row = Readonly<Record<string, unknown>>;

export interface StatementResult {
  readonly rows: readonly Row[];
  /** Rows changed, or returned where the statement returns rows. */
  readonly changes: number;
}

/** What crosses to the worker, and back. */
export interface StateRequest {
  readonly id: number;
  readonly database: DatabaseName;
  readonly statements: readonly Statement[];
  readonly close?: true;
}

export type StateAnswer =
  | { readonly id: number; readonly ok: true; readonly results: StatementResult[] }
  | { readonly id: number; readonly ok: false; readonly error: Error };

export interface StateDb {
  /** Runs the statements in one transaction; all of them or none. Rejects with Fault `session-store-unavailable`. */
  run(database: DatabaseName, statements: readonly Statement[]): Promise<readonly StatementResult[]>;
  /** All tables stand in one database, so that one transaction may be about those of both. Absent: in two files. */
  readonly isOneDatabase?: true;
  /** Waits for what is queued, then gives the data directory free. */
  close(): Promise<void>;
}

const maximumQueued = 10_000;

interface Waiting {
  readonly resolve: (results: readonly StatementResult[]) => void;
  readonly reject: (cause: Error) => void;
}

/** Opens the state in `directory` (created with mode 0700). Rejects when another instance holds it, naming its pid. */
export async function openStateDb(directory: string): Promise<StateDb> {
  const worker = new Worker(workerBeside(import.meta.url, 'state-db-worker'), { name: 'state-db', workerData: { directory } });
  await new Promise<void>((resolve, reject) => {
    worker.once('message', () => {
      resolve();
    });
    worker.once('error', reject);
  });
  return new WorkerStateDb(worker);
}

class WorkerStateDb implements StateDb {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #next = 1;
  #closing: Promise<void> | null = null;
  #broken: Error | null = null;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.removeAllListeners('error');
    worker.on('message', (answer: StateAnswer) => {
      this.#settle(answer);
    });
    worker.on('error', (cause) => {
      this.#break(cause instanceof Error ? cause : new Error(String(cause)));
    });
    worker.on('exit', () => {
      this.#break(new Error('The state worker has ended'));
    });
  }

  async run(database: DatabaseName, statements: readonly Statement[]): Promise<readonly StatementResult[]> {
    if (this.#closing !== null) throw unavailable('the state is closed', null);
    return this.#send({ database, statements });
  }

  async close(): Promise<void> {
    this.#closing ??= this.#stop();
    await this.#closing;
  }

  async #stop(): Promise<void> {
    await this.#send({ database: 'sessions', statements: [], close: true });
    await this.#worker.terminate();
  }

  async #send(request: Omit<StateRequest, 'id'>): Promise<readonly StatementResult[]> {
    if (this.#broken !== null) throw unavailable('the state worker has stopped', this.#broken);
    if (this.#waiting.size >= maximumQueued) throw unavailable(`${maximumQueued} writes are waiting for the disk`, null);
    const id = this.#next;
    this.#next += 1;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
      this.#worker.postMessage({ id, ...request } satisfies StateRequest);
    });
  }

  #settle(answer: StateAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (answer.ok) waiting?.resolve(answer.results);
    else waiting?.reject(unavailable('the state could not be written', answer.error));
  }

  #break(cause: Error): void {
    this.#broken ??= cause;
    for (const waiting of this.#waiting.values()) waiting.reject(unavailable('the state worker has stopped', cause));
    this.#waiting.clear();
  }
}

function unavailable(detail: string, cause: Error | null): Fault {
  return new Fault('session-store-unavailable', cause === null ? { detail } : { detail, cause });
}
