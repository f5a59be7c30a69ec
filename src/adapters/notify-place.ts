// What people are told of who gets alerts, and what its cursor is named by. The address of a webhook is a secret: only its host and
// a mark that tells two of them apart are shown.

import { createHash } from 'node:crypto';
import type { NotifySettings } from '../core/notify/notify-settings.ts';

export function notifyPlace(settings: NotifySettings): string {
  if (settings.kind === 'syslog') return `syslog at ${settings.host}:${settings.port}`;
  if (settings.kind === 'mail') return `mail to ${settings.to}`;
  const mark = createHash('sha256').update(settings.url).digest('hex').slice(0, 6);
  return `${settings.as === 'json' ? 'webhook' : settings.as} at ${new URL(settings.url).host} (${mark})`;
}

/** Never that of a feed of the record. */
export function notifyCursorName(settings: NotifySettings): string {
  return `alerts: ${notifyPlace(settings)}`;
}
