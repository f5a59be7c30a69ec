// Tells a webhook of alerts: each is posted and is told when the receiver has said that it has it. Whatever else it answers, the
// same alert is tried again.

import type { AlertMessage } from '../core/notify/alert-message.ts';
import type { WebhookSettings } from '../core/notify/notify-settings.ts';
import { webhookBody } from '../core/notify/webhook-body.ts';
import type { FeedReceiver } from '../feed-ports.ts';
import type { Clock } from '../ports.ts';
import { ReceiverBusy, waitAsked } from './feed-wait.ts';
import { OneConnection } from './one-connection.ts';

export class WebhookNotifier implements FeedReceiver<AlertMessage> {
  readonly most = 1;
  readonly refused = 0;
  readonly #settings: WebhookSettings;
  readonly #clock: Clock;
  readonly #connection: OneConnection;

  constructor(settings: WebhookSettings, clock: Clock, wholeMilliseconds = 15_000) {
    this.#settings = settings;
    this.#clock = clock;
    this.#connection = new OneConnection(settings, wholeMilliseconds);
  }

  async take(messages: readonly AlertMessage[]): Promise<void> {
    for (const message of messages) await this.#post(message);
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  async #post(message: AlertMessage): Promise<void> {
    const { url, as, authorization } = this.#settings;
    const { status, headers } = await this.#connection.post(url, JSON.stringify(webhookBody(message, as)), {
      'content-type': 'application/json; charset=utf-8',
      'idempotency-key': message.id,
      ...(authorization === null ? {} : { authorization }),
    });
    if (status >= 200 && status < 300) return;
    await this.close();
    throw new ReceiverBusy(`it answered ${status}`, waitAsked(headers['retry-after'], this.#clock.now()));
  }
}
