// Tells a syslog receiver of alerts, each on a connection of its own that is closed in order: the answer to that says that it was
// read.

import { hostname } from 'node:os';
import type { AlertMessage } from '../core/notify/alert-message.ts';
import type { NotifySyslogSettings } from '../core/notify/notify-settings.ts';
import { syslogAlert } from '../core/notify/syslog-alert.ts';
import type { FeedReceiver } from '../feed-ports.ts';
import { sendSyslog } from './syslog-connection.ts';

/** Alerts are few, so it costs little to wait for a receiver that is just dying to show it. */
const restMilliseconds = 250;

export class SyslogNotifier implements FeedReceiver<AlertMessage> {
  readonly most = 1;
  readonly refused = 0;
  readonly #settings: NotifySyslogSettings;

  constructor(settings: NotifySyslogSettings) {
    this.#settings = settings;
  }

  async take(messages: readonly AlertMessage[]): Promise<void> {
    const frames = messages.map((message) => syslogAlert(message, { host: hostname(), pid: process.pid }));
    await sendSyslog(this.#settings, frames, restMilliseconds);
  }

  async close(): Promise<void> {}
}
