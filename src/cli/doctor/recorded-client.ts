// A client for an EHR that remembers what went over it, so that what is shown is what was sent. Changes nothing of it.

import type { EhrReply } from '../../core/ehr/ehr-reply.ts';
import type { EhrClient, EhrRequest } from '../../ehr-ports.ts';
import type { Clock } from '../../ports.ts';

/** One request and its reply; null where none came. */
export interface Exchange {
  readonly sent: EhrRequest;
  readonly reply: EhrReply | null;
  readonly milliseconds: number;
}

export function recordedClient(client: EhrClient, clock: Clock): { readonly client: EhrClient; readonly exchanges: Exchange[] } {
  const exchanges: Exchange[] = [];
  return {
    exchanges,
    client: {
      async send(application, sent) {
        const since = clock.monotonic();
        let reply: EhrReply | null = null;
        try {
          reply = await client.send(application, sent);
          return reply;
        } finally {
          exchanges.push({ sent, reply, milliseconds: Math.round(clock.monotonic() - since) });
        }
      },
    },
  };
}
