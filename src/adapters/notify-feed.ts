// One receiver of alerts as a feed of the record: the same cursor, the same waits, the same order.

import { AlertOrder } from '../core/notify/alert-order.ts';
import type { AlertMessage } from '../core/notify/alert-message.ts';
import type { NotifySettings } from '../core/notify/notify-settings.ts';
import type { FeedReceiver } from '../feed-ports.ts';
import type { Clock } from '../ports.ts';
import { AuditFeed } from './audit-feed.ts';
import type { StartedTask } from './audit-feed-thread.ts';
import { clinicTime } from './clinic-time.ts';
import { FeedCursor } from './feed-cursor.ts';
import { MailNotifier } from './notify-mail.ts';
import { notifyCursorName, notifyPlace } from './notify-place.ts';
import { SyslogNotifier } from './notify-syslog.ts';
import { WebhookNotifier } from './notify-webhook.ts';

export interface NotifyingTask {
  readonly receivers: readonly NotifySettings[];
  readonly clinic: string;
  readonly timezone: string;
  /** Where people reach the gateway, without a slash at its end. */
  readonly gateway: string;
  /** The gateway's number among several. */
  readonly number: number;
}

export function notifyFeed(
  settings: NotifySettings,
  { clinic, timezone, gateway, number }: NotifyingTask,
  { directories, since }: Pick<StartedTask, 'directories' | 'since'>,
  clock: Clock,
): AuditFeed<AlertMessage> {
  const time = clinicTime(timezone);
  const localOf = (at: number) => ({ ...time.localTime(at), day: time.localDay(at), open: true });
  const [auditDirectory = ''] = directories;
  return new AuditFeed({
    where: notifyPlace(settings),
    directories,
    // Whoever is new wants to hear of what comes.
    begin: 'now',
    since,
    receiver: receiverOf(settings, clock),
    cursor: new FeedCursor(auditDirectory, notifyCursorName(settings)),
    order: (already) => new AlertOrder(settings, { clinic, gateway, number, localOf }, already),
  });
}

function receiverOf(settings: NotifySettings, clock: Clock): FeedReceiver<AlertMessage> {
  if (settings.kind === 'webhook') return new WebhookNotifier(settings, clock);
  return settings.kind === 'mail' ? new MailNotifier(settings) : new SyslogNotifier(settings);
}
