// Tells a webhook of alerts: each is posted and is told when the receiver has said that it has it. Whatever else it answers, the
// same alert is tried again. Verified TLS, no redirects, a bounded answer: the address is the configuration's and no other.

import { readFileSync } from 'node:fs';
import { Agent, request } from 'undici';
import type { AlertMessage } from '../core/notify/alert-message.ts';
import type { WebhookSettings } from '../core/notify/notify-settings.ts';
import { webhookBody } from '../core/notify/webhook-body.ts';
import type { FeedReceiver } from '../feed-ports.ts';
import type { Clock } from '../ports.ts';
import { ReceiverBusy, waitAsked } from './feed-wait.ts';

const connectMilliseconds = 5000;

export class WebhookNotifier implements FeedReceiver<AlertMessage> {
  readonly most = 1;
  readonly refused = 0;
  readonly #settings: WebhookSettings;
  readonly #clock: Clock;
  readonly #wholeMilliseconds: number;
  #agent: Agent | null = null;

  constructor(settings: WebhookSettings, clock: Clock, wholeMilliseconds = 15_000) {
    this.#settings = settings;
    this.#clock = clock;
    this.#wholeMilliseconds = wholeMilliseconds;
  }

  async take(messages: readonly AlertMessage[]): Promise<void> {
    try {
      for (const message of messages) await this.#post(message);
    } catch (cause) {
      await this.close();
      throw cause;
    }
  }

  async close(): Promise<void> {
    await this.#agent?.destroy();
    this.#agent = null;
  }

  async #post(message: AlertMessage): Promise<void> {
    const { url, as, authorization } = this.#settings;
    const { statusCode, headers, body } = await request(url, {
      method: 'POST',
      dispatcher: this.#dispatcher(),
      body: JSON.stringify(webhookBody(message, as)),
      signal: AbortSignal.timeout(this.#wholeMilliseconds),
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'idempotency-key': message.id,
        ...(authorization === null ? {} : { authorization }),
      },
    });
    await body.dump().catch(() => undefined);
    if (statusCode >= 200 && statusCode < 300) return;
    throw new ReceiverBusy(`it answered ${statusCode}`, waitAsked(headers['retry-after'], this.#clock.now()));
  }

  /** Made anew after `close`, so that a renewed authority is read. */
  #dispatcher(): Agent {
    const { trustFile } = this.#settings;
    const trusted = trustFile === null ? {} : { ca: readFileSync(trustFile, 'utf8') };
    this.#agent ??= new Agent({
      connections: 1,
      allowH2: false,
      connect: { ...trusted, rejectUnauthorized: true, timeout: connectMilliseconds },
    });
    return this.#agent;
  }
}
