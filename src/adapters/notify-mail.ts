// Tells people of alerts by mail: one message each, told when the server has taken it for delivery. Nothing goes to a server over
// the network without TLS that its certificate stands for.

import { readFileSync } from 'node:fs';
import type { AlertMessage } from '../core/notify/alert-message.ts';
import { alertText } from '../core/notify/alert-message.ts';
import type { MailSettings } from '../core/notify/notify-settings.ts';
import type { FeedReceiver } from '../feed-ports.ts';

/** Of each single wait; a server that says a word now and then keeps within them for ever, so that there is an end of all. */
const waits = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000, dnsTimeout: 10_000 };
const mailMilliseconds = 60_000;

export class MailNotifier implements FeedReceiver<AlertMessage> {
  readonly most = 1;
  readonly refused = 0;
  readonly #settings: MailSettings;
  readonly #milliseconds: number;

  /** `milliseconds`: what one mail may take in all. */
  constructor(settings: MailSettings, milliseconds = mailMilliseconds) {
    this.#settings = settings;
    this.#milliseconds = milliseconds;
  }

  async take(messages: readonly AlertMessage[]): Promise<void> {
    // Who sends no mail does not load it.
    const { createTransport } = await import('nodemailer');
    const transport = createTransport(this.#options());
    try {
      for (const message of messages) {
        await transport.sendMail({ ...this.#mail(message), signal: AbortSignal.timeout(this.#milliseconds) });
      }
    } catch (cause) {
      throw new Error(inWords(cause), { cause });
    } finally {
      transport.close();
    }
  }

  async close(): Promise<void> {}

  #options() {
    const { host, port, tls, user, password, trustFile } = this.#settings;
    return {
      host,
      port,
      secure: tls === 'at-once',
      requireTLS: tls === 'starttls',
      ignoreTLS: tls === 'none',
      tls: { rejectUnauthorized: true, ...(trustFile === null ? {} : { ca: readFileSync(trustFile, 'utf8') }) },
      ...(user === null ? {} : { auth: { user, pass: password ?? '' } }),
      ...waits,
      // Nothing in a message is fetched from elsewhere.
      disableFileAccess: true,
      disableUrlAccess: true,
    };
  }

  #mail(message: AlertMessage) {
    const { from, to } = this.#settings;
    return {
      from,
      to,
      subject: `[Wardgate] ${message.title}`,
      text: alertText(message),
      // The same for the same alert, so that whoever gets it twice can see it.
      messageId: `<${message.id}@wardgate.invalid>`,
      date: new Date(message.time),
      headers: { 'Auto-Submitted': 'auto-generated' },
    };
  }
}

/** What the server said may quote anything; its code is enough, and a name and password are in none. */
function inWords(cause: unknown): string {
  if (!(cause instanceof Error)) return 'the mail could not be sent';
  if (cause.name === 'TimeoutError' || cause.name === 'AbortError') return 'the mail server took too long';
  const { code, responseCode } = cause as Error & { readonly code?: unknown; readonly responseCode?: unknown };
  if (typeof responseCode === 'number') return `the mail server answered ${responseCode}`;
  return typeof code === 'string' ? `the mail server cannot be used: ${code}` : 'the mail could not be sent';
}
