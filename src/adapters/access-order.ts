// What a feed of audit messages makes of each record: an access is told once, with its outcome.

import { ToldOrder } from '../core/audit/feed/told-order.ts';
import { auditMessage } from '../core/audit/message/audit-message.ts';
import type { AuditMessage } from '../core/audit/message/audit-message.ts';
import type { FeedOrder } from '../feed-ports.ts';

/** Records up to `already` were told before. */
export function accessOrder(already: number): FeedOrder<AuditMessage> {
  const order = new ToldOrder(already);
  return {
    take(record, source) {
      const told = order.take(record);
      if (told === null) return null;
      const { records, ...place } = told;
      return { ...place, messages: records.flatMap((one) => auditMessage(one, source) ?? []) };
    },
  };
}
