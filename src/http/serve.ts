// Runs one exchange through the three lists: the request path, the reply list, and settling, which always happens. The
// only place that knows all three; it decides nothing itself and turns every failure into a refusal of service.

import { End } from '../core/answer.ts';
import type { Answer } from '../core/answer.ts';
import { Fault } from '../core/faults.ts';
import { describeCause } from '../core/text/describe-cause.ts';
import type { Arrived, Gathered, Outcome } from '../facts.ts';
import { StageFailure } from '../pipeline.ts';
import type { Run } from '../pipeline.ts';
import type { OperationsLog, StageWatch, UpstreamReply } from '../ports.ts';
import type { NamedReplyStep, ReplyFacts } from '../reply/reply-step.ts';
import type { NamedSettleStep } from '../settle/settle-step.ts';
import type { NodeExchange } from './node-exchange.ts';
import { nothingGathered } from './nothing-gathered.ts';
import { sendAnswer } from './send-answer.ts';
import type { SendAnswerNeeds } from './send-answer.ts';
import type { Sent } from './send-reply.ts';

/** Whoever is told at once that the EHR is busy asks again at once, and makes everybody else wait. */
const busyMilliseconds = 1000;

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

export interface ServeNeeds extends SendAnswerNeeds {
  readonly path: { run(given: Arrived, watch?: StageWatch): Promise<Run<unknown>> };
  /** Who wants to know how long each stage of this request takes; undefined for most of them, because looking costs. */
  readonly watch?: () => StageWatch | undefined;
  readonly replySteps: readonly NamedReplyStep[];
  readonly settleSteps: readonly NamedSettleStep[];
  readonly log: OperationsLog;
  /** Streams the reply, or joins the sockets of an upgrade; resolves when the exchange is over. */
  readonly send: (facts: ReplyFacts, exchange: NodeExchange, reply: UpstreamReply) => Promise<Sent>;
}

interface Ended {
  readonly facts: Gathered;
  readonly endedBy: string;
  readonly answer: Answer | null;
  readonly sent: Sent;
}

/** Serves one exchange. Never rejects. */
export async function serve(needs: ServeNeeds, exchange: NodeExchange): Promise<void> {
  const ended = await decide(needs, exchange);
  ended.facts.stream?.leave();
  const outcome: Outcome = {
    endedBy: ended.endedBy,
    answer: ended.answer,
    status: ended.sent.status,
    bytesIn: exchange.body.receivedBytes + (ended.sent.bytesIn ?? 0),
    bytesOut: ended.sent.bytes,
    transfer: ended.sent.transfer,
  };
  for (const step of needs.settleSteps) {
    try {
      const settled = step.run(ended.facts, outcome);
      if (settled instanceof Promise) await settled;
    } catch (cause) {
      needs.log.error({ step: step.name, request: ended.facts.id, error: describeCause(cause) }, 'Settling failed');
    }
  }
}

async function decide(needs: ServeNeeds, exchange: NodeExchange): Promise<Ended> {
  let facts: Gathered = { exchange };
  try {
    const run = await needs.path.run({ ...nothingGathered, exchange }, needs.watch?.());
    facts = run.facts as Gathered;
    if (run.ended) return await answered(needs, exchange, facts, run.endedBy, run.answer);
    return await replied(needs, exchange, facts as ReplyFacts, run.endedBy);
  } catch (cause) {
    const failed = cause instanceof StageFailure ? cause : null;
    if (failed) facts = failed.facts as Gathered;
    return answered(needs, exchange, facts, failed?.stage ?? 'serve', faultAnswer(failed?.cause ?? cause));
  }
}

async function replied(needs: ServeNeeds, exchange: NodeExchange, facts: ReplyFacts, endedBy: string): Promise<Ended> {
  const { reply } = facts;
  for (const step of needs.replySteps) {
    let result;
    try {
      result = step.run(facts, reply);
      if (result instanceof Promise) result = await result;
    } catch (cause) {
      reply.abort(new Error(`Reply step "${step.name}" failed`, { cause }));
      return answered(needs, exchange, facts, step.name, faultAnswer(cause));
    }
    if (!(result instanceof End)) continue;
    reply.abort(new Error(`Reply step "${step.name}" ended the request`));
    return answered(needs, exchange, facts, step.name, result.answer);
  }
  try {
    // Nothing of a chart leaves before its record would survive a power loss.
    await facts.receipt.durable;
  } catch (cause) {
    reply.abort(new Error('The attempt could not be made durable', { cause }));
    return answered(needs, exchange, facts, 'record-attempt', { kind: 'fault', code: 'audit-unavailable', cause });
  }
  const { ended } = facts.stream;
  if (ended !== null) {
    reply.abort(new Error(`Nothing of the reply was sent: ${ended.transfer}`));
    return answered(needs, exchange, facts, endedBy, ended.refusal);
  }
  const sent = await needs.send(facts, exchange, reply);
  // Cut before its first byte: the person is told why, instead of seeing a broken line.
  if (sent.refusal !== undefined) return answered(needs, exchange, facts, endedBy, sent.refusal);
  return { facts, endedBy, answer: null, sent };
}

async function answered(
  needs: ServeNeeds,
  exchange: NodeExchange,
  facts: Gathered,
  endedBy: string,
  answer: Answer,
): Promise<Ended> {
  if (answer.kind === 'fault') {
    needs.log.warn(
      { request: facts.id, endedBy, code: answer.code, detail: answer.detail, error: describeCause(answer.cause) },
      'A request failed',
    );
  }
  if (answer.kind === 'fault' && answer.code === 'upstream-busy' && !exchange.aborted) await pause(busyMilliseconds);
  const sent = await sendAnswer(needs, exchange, facts, answer);
  return { facts, endedBy, answer, sent };
}

function faultAnswer(cause: unknown): Answer {
  if (cause instanceof Fault) return { kind: 'fault', code: cause.code, detail: cause.message, cause: cause.cause };
  return { kind: 'fault', code: 'internal', cause };
}
