// An alert as one frame of syslog (RFC 5424, 5425), in words, for whoever collects syslog and knows nothing of audit messages.

import { syslogName } from '../audit/feed/syslog-message.ts';
import type { AlertMessage } from './alert-message.ts';

/** Facility 10 (security), severity 4 (warning). */
const priority = 84;
const byteOrderMark = '\ufeff';

export function syslogAlert(message: AlertMessage, { host, pid }: { readonly host: string; readonly pid: number }): string {
  const { time, id, title, lines, link } = message;
  const words = [title, ...lines, link, id].join('; ').replaceAll(/\p{Cc}/gu, ' ');
  const one = `<${priority}>1 ${time} ${syslogName(host)} wardgate ${pid} ALERT - ${byteOrderMark}${words}`;
  return `${Buffer.byteLength(one)} ${one}`;
}
