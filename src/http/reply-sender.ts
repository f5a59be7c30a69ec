// Chooses how the EHR's reply reaches the client: streamed, or as two sockets joined after a WebSocket handshake. Nothing
// else.

import type { UpstreamReply } from '../ports.ts';
import type { ReplyFacts } from '../reply/reply-step.ts';
import { joinSockets } from './join-sockets.ts';
import type { JoinNeeds } from './join-sockets.ts';
import type { NodeExchange } from './node-exchange.ts';
import { sendReply } from './send-reply.ts';
import type { Sent, SendReplyNeeds } from './send-reply.ts';

type Send = (facts: ReplyFacts, exchange: NodeExchange, reply: UpstreamReply) => Promise<Sent>;

export function replySender(needs: SendReplyNeeds & JoinNeeds): Send {
  return (facts, exchange, reply) =>
    reply.upgraded === null ? sendReply(needs, facts, exchange, reply) : joinSockets(needs, facts, exchange, reply.upgraded);
}
