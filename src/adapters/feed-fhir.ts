// A feed to a FHIR server: each event is posted as an AuditEvent and is told when the server has said that it has it. What the
// server will never take is set aside, by number and hash, and told of; everything else is tried again.

import { appendFileSync, mkdirSync } from 'node:fs';
import type { FhirFeedSettings } from '../core/audit/feed/feed-settings.ts';
import { auditEvent } from '../core/audit/fhir/audit-event.ts';
import type { AuditMessage } from '../core/audit/message/audit-message.ts';
import type { FeedReceiver } from '../feed-ports.ts';
import type { Clock } from '../ports.ts';
import { feedFile, feedsDirectory } from './feed-cursor.ts';
import { ReceiverBusy, waitAsked } from './feed-wait.ts';
import { OneConnection } from './one-connection.ts';

const wholeMilliseconds = 30_000;
/** So many refusals one after the other are no fault of the events. */
const mostInARow = 20;
/** Those say that this event, as it is, is not taken; others say that something is wrong with the way there. */
const forGood = new Set([400, 410, 413, 415, 422]);

export class FhirFeed implements FeedReceiver<AuditMessage> {
  readonly most = 1;
  readonly #settings: FhirFeedSettings;
  readonly #auditDirectory: string;
  readonly #clock: Clock;
  readonly #connection: OneConnection;
  #inARow = 0;
  refused = 0;

  constructor(settings: FhirFeedSettings, auditDirectory: string, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
    this.#auditDirectory = auditDirectory;
    this.#connection = new OneConnection(settings, wholeMilliseconds);
  }

  async take(messages: readonly AuditMessage[]): Promise<void> {
    for (const message of messages) await this.#post(message);
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  async #post(message: AuditMessage): Promise<void> {
    const { url, authorization } = this.#settings;
    const { status, headers } = await this.#connection.post(`${url}/AuditEvent`, JSON.stringify(auditEvent(message)), {
      'content-type': 'application/fhir+json; charset=utf-8',
      accept: 'application/fhir+json',
      // What it stored is of no use here.
      prefer: 'return=minimal',
      ...(authorization === null ? {} : { authorization }),
    });
    if (status >= 200 && status < 300) this.#inARow = 0;
    else if (forGood.has(status) && this.#inARow < mostInARow) this.#setAside(message, status);
    else {
      await this.close();
      throw new ReceiverBusy(`it answered ${status}`, waitAsked(headers['retry-after'], this.#clock.now()));
    }
  }

  #setAside({ sequence, hash }: AuditMessage, status: number): void {
    mkdirSync(feedsDirectory(this.#auditDirectory), { recursive: true, mode: 0o700 });
    const line = `${JSON.stringify({ time: new Date(this.#clock.now()).toISOString(), status, seq: sequence, hash })}\n`;
    appendFileSync(feedFile(this.#auditDirectory, this.#settings.url, 'refused.jsonl'), line, { mode: 0o600 });
    this.#inARow += 1;
    this.refused += 1;
  }
}
