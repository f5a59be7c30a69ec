// A feed as ATNA has it: DICOM audit messages by syslog over TLS. A connection carries few messages and is closed in order, for
// only the answer to that says that they were read. So a receiver that dies is sent again what one connection carried, and no more.

import { hostname } from 'node:os';
import type { SyslogFeedSettings } from '../core/audit/feed/feed-settings.ts';
import { syslogFrame } from '../core/audit/feed/syslog-message.ts';
import type { AuditMessage } from '../core/audit/message/audit-message.ts';
import type { FeedReceiver } from '../feed-ports.ts';
import { sendSyslog } from './syslog-connection.ts';

/** Where a bare end of TCP must do: a receiver that dies meanwhile closes before we have. */
const restMilliseconds = 250;

export class SyslogFeed implements FeedReceiver<AuditMessage> {
  readonly refused = 0;
  readonly #settings: SyslogFeedSettings;
  /** After trouble the first connection carries nothing, the next one message, and each after that twice as many. */
  #most = 0;

  constructor(settings: SyslogFeedSettings) {
    this.#settings = settings;
  }

  get most(): number {
    return Math.max(1, this.#most);
  }

  async take(messages: readonly AuditMessage[]): Promise<void> {
    try {
      // Nobody is given a record who does not answer as it is agreed on.
      if (this.#most === 0) await this.#send([]);
      await this.#send(messages);
      this.#most = Math.min(this.#settings.window, Math.max(1, this.#most * 2));
    } catch (cause) {
      this.#most = 0;
      throw cause;
    }
  }

  async #send(messages: readonly AuditMessage[]): Promise<void> {
    const { dialect, confirm } = this.#settings;
    const origin = { host: hostname(), pid: process.pid, dialect };
    const frames = messages.map((message) => syslogFrame(message, origin));
    const isLenient = confirm === 'close';
    const ending = await sendSyslog(this.#settings, frames, isLenient ? restMilliseconds : 0);
    if (ending === 'answered' || isLenient) return;
    throw new Error('it closes without close_notify, so what it has read is not known; see "confirm" in gateway.yaml');
  }

  async close(): Promise<void> {}
}
