// The thread in which the feeds follow the log, each by itself. It hangs on no request: a receiver that stops answering stops its
// own feed alone, and the gateway says so.

import { setTimeout as wait } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type { ResolvePatients } from '../feed-ports.ts';
import { accessOrder } from './access-order.ts';
import { AuditFeed } from './audit-feed.ts';
import type { FeedQuestion, FeedReport, FeedWord, StartedTask } from './audit-feed-thread.ts';
import { systemClock } from './clock-system.ts';
import { FeedCursor } from './feed-cursor.ts';
import { FhirFeed } from './feed-fhir.ts';
import { resolvingReceiver } from './feed-patients.ts';
import { feedPlace } from './feed-place.ts';
import { SyslogFeed } from './feed-syslog.ts';
import { notifyFeed } from './notify-feed.ts';

const port = parentPort;
if (port === null) throw new Error('audit-feed-worker runs as a worker thread only');

/** Alerts are waited for. */
const everyMilliseconds = { record: 1000, alerts: 400 };
const { directories, feeds, notify, since } = workerData as StartedTask;
const asked = new Map<number, PromiseWithResolvers<ReadonlyMap<string, string>>>();
const ending = new AbortController();
let questions = 0;

port.on('message', (word: FeedWord) => {
  if (word === 'end') return ending.abort();
  const promised = asked.get(word.answer);
  asked.delete(word.answer);
  if (word.ids === null) promised?.reject(new Error('the ids of patients cannot be read'));
  else promised?.resolve(word.ids);
  return undefined;
});

const record = feeds.map((settings) => {
  const [auditDirectory = ''] = directories;
  const where = feedPlace(settings);
  const receiver = settings.kind === 'syslog' ? new SyslogFeed(settings) : new FhirFeed(settings, auditDirectory, systemClock);
  const cursor = new FeedCursor(auditDirectory, where);
  const given = settings.patients === 'resolved' ? resolvingReceiver(receiver, resolvePatients) : receiver;
  return new AuditFeed({ where, directories, begin: settings.from, since, receiver: given, cursor, order: accessOrder });
});
const alerts = notify?.receivers.map((settings) => notifyFeed(settings, notify, { directories, since }, systemClock)) ?? [];
const running = [...record, ...alerts];

await Promise.all([
  ...record.map((feed) => run(feed, everyMilliseconds.record)),
  ...alerts.map((feed) => run(feed, everyMilliseconds.alerts)),
]);
port.close();

/** Until the gateway ends; then once more, for what it recorded last, where the receiver is well. */
async function run<Message>(feed: AuditFeed<Message>, every: number): Promise<void> {
  while (!ending.signal.aborted) {
    await feed.look(() => !ending.signal.aborted);
    report();
    await wait(feed.waitMilliseconds || every, undefined, { signal: ending.signal }).catch(() => undefined);
  }
  if (feed.status.failure === null) await feed.look();
  report();
  await feed.close();
}

function report(): void {
  tell({ feeds: running.map(({ status }) => status) });
}

/** The gateway's own thread holds the store. */
function resolvePatients(tokens: readonly string[]): ReturnType<ResolvePatients> {
  const promised = Promise.withResolvers<ReadonlyMap<string, string>>();
  questions += 1;
  asked.set(questions, promised);
  tell({ ask: questions, tokens });
  return promised.promise;
}

function tell(message: FeedReport | FeedQuestion): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
  port?.postMessage(message);
}
